"""Several numbers of clusters compared: sweeps, their scores and what they suggest."""
