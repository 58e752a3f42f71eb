"""A question in, a stream of events out, ending in one cited answer."""

#: Of the whole program; pyproject.toml takes it from here.
VERSION = "0.1.0"
