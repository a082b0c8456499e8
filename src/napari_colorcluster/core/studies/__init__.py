"""Many images or frames together: pooling, shares, comparison."""
