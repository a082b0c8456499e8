"""The form: what is asked."""
