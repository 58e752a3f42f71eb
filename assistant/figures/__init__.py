"""Figures: indicators with their values, and the exact cell or sentence they come from."""
