"""Colors by themselves: spaces, differences, names and palettes. No image, no clustering."""
