"""Public sets as samples: one small function for each, and a table of what is here.

A set that is not in the ``--data`` folder raises `MissingData`, and the run
says what was skipped. Nothing of these sets is in this repository.
"""
