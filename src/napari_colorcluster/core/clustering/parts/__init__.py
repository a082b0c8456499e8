"""The finest pieces of a clustering, parts: of which colors, by which rule, with which moments."""
