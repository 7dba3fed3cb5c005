"""Secrets Manager: secrets, never what they hold."""
