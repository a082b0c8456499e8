"""The report of a study as a folder of files that any browser opens from disk; see `write_report`."""
