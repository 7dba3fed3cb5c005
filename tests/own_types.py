"""Types that a test adds to the program, and takes out again so that the next test finds its own."""

from __future__ import annotations

import sys
from pathlib import Path

import auditor.resources as resources

HOME = Path(resources.__file__).parent


def forget():
    """Forget the types that were loaded, and the modules of those that do not belong to the program."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name.startswith("auditor.resources.") and file and HOME not in Path(file).parents:
            del sys.modules[name]
    resources.load.cache_clear()
