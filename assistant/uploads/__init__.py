"""Documents that an officer uploads: kept apart from everything else, and deleted on time."""
