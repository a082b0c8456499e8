"""From pixels to 8-bit colors and back: reading, counting, looking up and painting."""
