"""Judgments: masked, read, found again by likeness; a judge's questions; old and new articles."""
