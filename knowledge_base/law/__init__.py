"""Legal documents: their numbers, parts, dates, relations, and whether they hold on a day."""
