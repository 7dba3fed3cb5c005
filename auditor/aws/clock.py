"""How far this machine's clock is from AWS's, by the Date of an answer of STS that needs no permission."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime

from auditor.aws.session import Connection


def behind(connection: Connection) -> dt.timedelta | None:
    """How far this clock is behind AWS's (negative: ahead), to the second; None where the answer bears no date."""
    before = dt.datetime.now(dt.UTC)
    answer = connection.client("sts", connection.region).get_caller_identity()
    taken = dt.datetime.now(dt.UTC) - before
    told = answer["ResponseMetadata"].get("HTTPHeaders", {}).get("date")
    return parsedate_to_datetime(told).astimezone(dt.UTC) - (before + taken / 2) if told else None
