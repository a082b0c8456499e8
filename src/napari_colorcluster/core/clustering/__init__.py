"""From a histogram to a clustering: settings, fitting, edits and the choice of k."""
