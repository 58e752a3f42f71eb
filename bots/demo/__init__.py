"""A chat channel tried by hand on this machine: its provider is played, the rest is real."""
