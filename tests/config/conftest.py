"""The command as a user starts it."""

from tests.cli.conftest import auditor

__all__ = ["auditor"]
