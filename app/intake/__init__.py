"""Reads what users bring: every file is hostile until it is read."""
