"""True colors from a card in the picture: its patches, the fit, and what comes of it."""
