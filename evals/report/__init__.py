"""The report of a run: one page to read and print, and its figures as CSV."""
