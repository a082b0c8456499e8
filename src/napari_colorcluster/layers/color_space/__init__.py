"""An image's colors as points in the working space, in a viewer of their own."""
