"""Pictures painted by the program, whose true colors, shares and outlines are known exactly."""
