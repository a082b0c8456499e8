"""The edits of a palette: actions, the bar and the menus that hold them, and their dialogs."""
