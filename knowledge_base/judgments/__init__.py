"""Judgments and án lệ: read from files, masked before anything is kept, found again by likeness."""
