"""The compiled loops behind the methods; each method names those it uses."""
