"""Benchmarks, each a command that prints the table committed in docs."""
