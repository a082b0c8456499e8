"""The form: the settings of a clustering."""
