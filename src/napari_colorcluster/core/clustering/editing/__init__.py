"""The edits by color, and the register of all edits."""
