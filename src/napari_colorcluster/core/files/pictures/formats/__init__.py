"""One module a kind of file: what is stored in it, and what it says of its colors."""
