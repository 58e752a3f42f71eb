"""The index: an artefact built from passages, opened read-only, swapped as a whole."""
