"""The resource types, one file each, found by walking this package; nothing is registered by hand."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache

from auditor.model import ResourceType


@cache
def load() -> dict[str, ResourceType]:
    """Every described type by its CloudFormation name, in the order of the names."""
    found: dict[str, ResourceType] = {}
    for service in pkgutil.iter_modules(__path__):
        if not service.ispkg:
            continue
        package = importlib.import_module(f"{__name__}.{service.name}")
        for module in pkgutil.iter_modules(package.__path__):
            if module.name.startswith("_"):
                continue
            described = importlib.import_module(f"{package.__name__}.{module.name}").TYPE
            found[described.cfn] = described
    return dict(sorted(found.items()))


def stem(cfn: str) -> str:
    """The file that describes a type: `AWS::RDS::DBInstance` -> `rds/db_instance`."""
    _, service, noun = cfn.split("::")
    folder = service.lower() + ("_" if service == "Lambda" else "")
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", noun).lower()
    return f"{folder}/{words}"
