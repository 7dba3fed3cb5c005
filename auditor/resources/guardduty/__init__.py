"""Threat detection."""
