"""Pictures whose number of colors is known, and what is read off a sweep to guess it."""
