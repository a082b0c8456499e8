"""The palette: bar, table and edits."""
