"""Corrections of labels after the colors: which pixels a person has decided, and edits of them."""
