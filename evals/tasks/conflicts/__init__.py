"""Contradictions between documents: seeded into pairs of real provisions, look-alikes beside."""
