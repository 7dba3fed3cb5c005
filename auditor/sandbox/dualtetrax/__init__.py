"""A dualtetrax account that keeps every promise of its document, built through boto3 as CDK builds it.

Both environments stand side by side. Names are the document's where it has any, and else
CDK's with its hashes. The files follow the document: data (network, secret, database), api (function, REST API), site
(users, buckets, CloudFront, DNS), bill (the alarm, the user that deploys), and neighbours.

The parts of an environment are `dev/database`; what both share has no environment in its name: `zone`, `cost-alarm`.
"""

from __future__ import annotations

from auditor.sandbox.built import Built
from auditor.sandbox.dualtetrax import api, bill, data, neighbours, site
from auditor.sandbox.dualtetrax.names import ENVIRONMENTS, REGION, part
from auditor.sandbox.server import Sandbox


def build_dualtetrax(box: Sandbox) -> Built:
    """Build the whole account: the environments, what they share, and their neighbours."""
    built = Built(box, region=REGION)
    neighbours.build(built)
    site.build_zone(built)
    bill.build(built)
    for environment in ENVIRONMENTS:
        data.build(built, environment)
        api.build(built, environment)
        site.build(built, environment)
    return built


__all__ = ["ENVIRONMENTS", "build_dualtetrax", "part"]
