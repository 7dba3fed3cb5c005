"""Scaling of whatever is no instance."""
