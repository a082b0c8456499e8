"""What every other room stands on: threads, progress, compiled loops, frozen arrays."""
