"""Legal questions of citizens: what the law says, until when, where to go, what comes next."""
