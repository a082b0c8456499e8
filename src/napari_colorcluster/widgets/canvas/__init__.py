"""What the mouse does on the canvas, and the window of the color space."""
