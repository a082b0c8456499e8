"""What comes out of a study: a folder with files, records of what is done, and tables."""
