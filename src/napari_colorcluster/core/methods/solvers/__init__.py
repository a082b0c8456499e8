"""The algorithms behind the methods, with their compiled loops; each method imports its own."""
