"""Rasa's project: what it learns from, what it decides. Read by Python 3.10."""
