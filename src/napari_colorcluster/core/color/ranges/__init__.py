"""Color ranges: rules that hold for some colors, such as all within a radius of one; counted."""
