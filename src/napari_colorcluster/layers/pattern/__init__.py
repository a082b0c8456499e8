"""A Labels layer to be measured, whoever made it, and what shows its pattern on the canvas."""
