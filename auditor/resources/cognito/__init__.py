"""Cognito: who may sign in."""
