"""Searching for the centers of k-means, and Lloyd's algorithm."""
