"""Can a citizen get at restricted texts by any door? A hundred baits, all doors, a real server."""
