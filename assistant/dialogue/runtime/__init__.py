"""Rasa beside us: its environment, its model, its server, and what we say to it."""
