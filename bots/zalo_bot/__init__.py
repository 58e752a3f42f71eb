"""A bot of the Zalo Bot Platform: webhook or polling."""
