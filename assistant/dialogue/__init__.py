"""The dialogue: what a turn means, and what is to be done about it."""
