"""What goes into a study: which images, their masks, objects and groups, and what is left out."""
