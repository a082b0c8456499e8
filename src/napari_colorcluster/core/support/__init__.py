"""Helpers for every other room: threads, progress, compiled loops, read-only arrays, files."""
