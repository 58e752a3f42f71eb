"""The web door: a chat page, a streaming API, and an OpenAI-compatible one, over one `Desk`."""
