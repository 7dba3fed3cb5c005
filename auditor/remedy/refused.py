"""Why a change is not made by calls."""

from __future__ import annotations


class NoSetter(Exception):
    """The change cannot be made by a call that could also be undone; the text says why."""


class Replace(Exception):
    """The property is fixed when the resource is created."""
