"""The part of an image that takes part, outlined by another layer."""
