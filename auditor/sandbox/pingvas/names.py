"""How this team names and tags what it makes with Terraform: the document's names, and else `pingvas-NOUN`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from auditor.sandbox.built import Built

REGION = "ap-northeast-2"
ZONES = "abc"
EVERYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class Team:
    """Whose copy of the system is built: the documented one, or a second one under other names beside it."""

    built: Built
    name: str = "pingvas"
    domain: str = "studio.pingvas.com"
    mark: str = ""  # before the names of the parts of a second copy

    def __getitem__(self, part: str) -> str:
        return self.built[self.mark + part]

    def arn(self, part: str) -> str:
        return self.built.arn(self.mark + part)

    def put(self, part: str, identifier: str, arn: str = "") -> str:
        return self.built.put(self.mark + part, identifier, arn)

    def client(self, service: str, region: str = "") -> Any:
        return self.built.client(service, region)

    def called(self, noun: str) -> str:
        """pingvas-noun"""
        return f"{self.name}-{noun}"

    def secret(self, noun: str) -> str:
        """pingvas/noun"""
        return f"{self.name}/{noun}"

    def tags(self, environment: str = "shared") -> dict[str, str]:
        return {"Project": self.name, "Environment": environment, "ManagedBy": "terraform"}

    def tag_list(self, noun: str = "", environment: str = "shared") -> list[dict[str, str]]:
        found = ({"Name": self.called(noun)} if noun else {}) | self.tags(environment)
        return [{"Key": key, "Value": value} for key, value in found.items()]

    def tag_specification(self, kind: str, noun: str) -> list[dict[str, Any]]:
        return [{"ResourceType": kind, "Tags": self.tag_list(noun)}]
