"""The doors: they carry questions in and answers out, and know no law."""
