"""What every chat channel shares: the inbox, the outbox, and what goes between them."""
