"""Who may see what is restricted: accounts, sign-in, groups, sessions, and what was refused."""
