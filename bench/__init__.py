"""Measurements of the project by itself; see README.md."""
