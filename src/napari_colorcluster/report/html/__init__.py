"""The report of a study: a page, its data and thumbnails, that any browser opens from disk."""
