"""What the assistant can do: each file is an ordered list of steps."""
