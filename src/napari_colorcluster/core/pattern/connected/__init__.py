"""Connected pixels: found, and the shapes that they make. The tables of patches are one room up."""
