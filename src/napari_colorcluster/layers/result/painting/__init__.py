"""What a person paints in the clusters layer: noticed, made part of what is shown, and undone."""
