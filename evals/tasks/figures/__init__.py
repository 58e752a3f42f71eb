"""Figures: what is read from reports, and what is answered from it."""
