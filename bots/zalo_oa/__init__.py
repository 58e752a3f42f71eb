"""A Zalo Official Account: OAuth, signed webhooks, messages."""
