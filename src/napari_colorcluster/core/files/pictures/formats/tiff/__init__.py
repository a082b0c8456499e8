"""What there is to know of a TIFF file: its pages, samples, lengths and limits."""
