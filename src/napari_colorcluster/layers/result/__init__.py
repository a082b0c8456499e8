"""What is made of an image, and the layers that show it."""
