"""Studies of many images or frames: pooled palettes, shares, comparisons."""
