"""The law as officers ask for it: provisions quoted, before and after, guides, lists."""
