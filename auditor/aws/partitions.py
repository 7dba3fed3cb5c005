"""Which services a partition has, by botocore's endpoint data: what AWS does not offer there is not asked for.

Only whole partitions are taken from it. Region by region that data is incomplete (`s3control` in the newest regions),
so regions are asked.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def offered(service: str, partition: str) -> bool:
    """Whether the partition has the service; true where nothing is known of either."""
    if partition == "aws":
        return True
    session = _session()
    if partition not in session.get_available_partitions():
        return True
    if session.get_available_regions(service, partition, allow_non_regional=True):
        return True
    return not session.get_available_regions(service, "aws", allow_non_regional=True)


@cache
def _session() -> Any:
    import botocore.session

    return botocore.session.get_session()
