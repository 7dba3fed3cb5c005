"""What is wanted of every property that can be set: one row a place, with the part of cuggu that it is tried on.

A wanted value is given as it is, or as a function of what stands there now and of the account's parts; a list of several
wishes is tried one by one. `follows` names properties that AWS changes along with the one that is set, `traces` those in
which a change and its undo stay to be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from auditor.model import ABSENT
from tests.remedy import (
    changes_of_containers,
    changes_of_doors,
    changes_of_edge_and_data,
    changes_of_network_and_work,
    changes_of_stores,
    changes_of_watching,
)
from tests.remedy.wishes import Put

TABLE = (
    changes_of_edge_and_data.TABLE
    | changes_of_network_and_work.TABLE
    | changes_of_doors.TABLE
    | changes_of_containers.TABLE
    | changes_of_stores.TABLE
    | changes_of_watching.TABLE
)


@dataclass(frozen=True)
class Row:
    """One change: of a type, on the part of a role, at a place."""

    type: str
    role: str
    place: str
    want: Any
    follows: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        end = " off" if self.want is ABSENT else ""
        return f"{self.type.removeprefix('AWS::')} {self.place}{end}"


TARGETS = ("Targets",)

# (type, property) -> further properties that AWS changes along with it.
FOLLOWS: dict[tuple[str, str], tuple[str, ...]] = {
    **changes_of_containers.FOLLOWS,
    ("EC2::VPCEndpoint", "SubnetIds"): ("NetworkInterfaceIds", "DnsNames"),
    ("KMS::Key", "Enabled"): ("KeyState",),
    ("KMS::Key", "EnableKeyRotation"): ("RotationPeriodInDays",),
    ("RDS::DBInstance", "MultiAZ"): ("SecondaryAvailabilityZone",),
    ("RDS::DBProxyTargetGroup", "DBInstanceIdentifiers"): TARGETS,
    ("RDS::DBProxyTargetGroup", "DBClusterIdentifiers"): TARGETS,
}

# (type, property) -> further properties that keep a trace of it, also once it is undone.
TRACES: dict[tuple[str, str], tuple[str, ...]] = {
    ("IAM::ManagedPolicy", "PolicyDocument"): ("Versions", "DefaultVersionId")
}

# (type, property) -> why the simulator cannot say it.
UNSAID: dict[tuple[str, str], str] = {
    (
        "CloudFormation::Stack",
        "EnableTerminationProtection",
    ): "the simulator does not keep it, and has no call that sets it",
}


def rows() -> list[Row]:
    """The table, a row for each single change."""
    out = []
    for cfn, roles in TABLE.items():
        for role, places in roles.items():
            for place, wants in places.items():
                for want in wants if isinstance(wants, list) and _several(wants) else [wants]:
                    top = place.split(".")[0].split("[")[0]
                    beside = FOLLOWS.get((cfn, top), ()), TRACES.get((cfn, top), ())
                    out.append(Row(f"AWS::{cfn}", role, place, want, *beside))
    return out


def _several(wants: list[Any]) -> bool:
    """Whether a list holds several wishes and is not itself the value that is wished for."""
    return any(isinstance(each, Put) or each is ABSENT or callable(each) for each in wants) or _numbers(wants)


def _numbers(wants: list[Any]) -> bool:
    return all(isinstance(each, int) for each in wants)
