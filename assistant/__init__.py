"""A question in, a stream of events out, ending in one cited answer."""
