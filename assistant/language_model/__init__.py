"""The language model behind one port: it phrases what the code has already decided."""
