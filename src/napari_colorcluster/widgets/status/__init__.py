"""The line under the button: what is shown, what has changed since, and what went wrong."""
