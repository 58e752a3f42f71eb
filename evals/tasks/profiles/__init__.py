"""Assistants for a field: answered inside, told elsewhere outside, nothing shown from there."""
