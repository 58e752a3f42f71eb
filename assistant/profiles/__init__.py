"""An assistant as configuration: whom it serves, what it looks in, which steps it walks."""
