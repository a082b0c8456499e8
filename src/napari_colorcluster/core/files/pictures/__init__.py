"""Pictures as files: one reader for all formats."""
