"""Documents in, passages out: the record, the index and the search over it."""
