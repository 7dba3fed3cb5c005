"""Where a stack is deployed, as far as that is known: what the pseudo parameters stand for."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model import Json
from auditor.sources.cloudformation.functions import NO_ZONES, ZONES
from auditor.sources.cloudformation.texts import Unresolved


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a stack is deployed; a text with a hole stands for what code does not say."""

    region: str = ""
    account: str = ""
    stack: str = ""

    @property
    def partition(self) -> str:
        begins = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
        return next((name for start, name in begins.items() if self.region.startswith(start)), "aws")

    def pseudo(self, name: str) -> Json:
        """What a pseudo parameter stands for, None for no such name."""
        host = "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
        known: dict[str, Json] = {
            "AWS::Region": self.region or "${AWS::Region}",
            "AWS::AccountId": self.account or "${AWS::AccountId}",
            "AWS::StackName": self.stack or "${AWS::StackName}",
            "AWS::Partition": self.partition,
            "AWS::URLSuffix": host,
            "AWS::StackId": Unresolved("AWS assigns the ID of the stack at deployment"),
            "AWS::NotificationARNs": Unresolved("the notification topics are chosen at deployment"),
            ZONES: NO_ZONES,
        }
        return known.get(name)
