"""Answers of a run judged by people and, where asked for, by a model; how far they agree."""
