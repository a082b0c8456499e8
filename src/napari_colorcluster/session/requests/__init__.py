"""What can be requested of a session: values that say what to do, and where the result goes."""
