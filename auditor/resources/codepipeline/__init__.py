"""Pipelines that build and deploy."""
