"""The officers' desk: hand-off of a conversation, working hours, answers on their way, feedback."""
