"""What a configuration file may say. Every field is read by something: what nothing uses is refused as unknown."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from auditor.checks.schema import Model, Texts, Words
from auditor.config.channels import Channel
from auditor.model import Risk

Account = Annotated[Words, Field(pattern=r"^\d{12}$")]
Region = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]


def _named(value: Any) -> Any:
    """A baseline that is only named."""
    return {"name": value} if isinstance(value, str) else value


class Named(Model):
    """A baseline: its name, and what is said for it alone."""

    name: str = Field(min_length=1, description="its name, as `auditor baselines` lists it, or the path of its file")
    set: dict[str, Words] = Field(default={}, description="its parameters, like {environment: prod}")
    account: Account = Field(default="", description="the account that it is about; of others it is not asked")
    scope: Texts = Field(
        default=(),
        description="only resources in this scope play its roles: tag:NAME=VALUE, stack=NAME, vpc=ID or name=PATTERN",
    )
    bind: dict[str, str] = Field(default={}, description="the resource (ID, name or ARN) that plays a role, by role")


class Limits(Model):
    """What remedies may do at most."""

    risk: Risk = Field(
        default="safe", description="the highest risk that `apply` accepts: safe, interrupts (service), destroys (data)"
    )


class Config(Model):
    """The defaults of auditor's options. Paths are relative to this file."""

    profile: str = Field(default="", min_length=1, description="the AWS profile, as in the AWS CLI")
    regions: tuple[Region, ...] = Field(
        default=(), description="the regions to read; default: those of the baselines, else the one of the profile"
    )
    sources: Texts = Field(
        alias="from", default=(), description="saved inventories to read instead of an account (`auditor scan`)"
    )
    baselines: tuple[Annotated[Named, BeforeValidator(_named)], ...] = Field(
        default=(), description="the documented architectures to check against"
    )
    rules: tuple[str, ...] = Field(
        default=(), min_length=1, description="the IDs of the rules to check; default: all of them"
    )
    no_rules: bool = Field(default=False, description="true to check the baselines only")
    definitions: Texts = Field(default=(), description="folders with rules/ and baselines/ of your own")
    bind: dict[str, str] = Field(
        default={}, description="the resource (ID, name or ARN) that plays a role, by role, for all baselines"
    )
    scope: Texts = Field(default=(), description="the scope of all baselines, like tag:stage=prod")
    waivers: str = Field(
        default="", min_length=1, description="the file of waivers: findings that are accepted for a time"
    )
    store: str = Field(default="", min_length=1, description="the folder of saved runs, or s3://bucket/prefix")
    no_store: bool = Field(default=False, description="true to save no run, and compare with none")
    format: Texts = Field(default=(), description="output formats, like [text, html=report.html]")
    verbose: bool = Field(default=False, description="true to show every kept promise and every finding")
    fail_on: Literal["critical", "high", "medium", "low", "info", "never"] = Field(
        default="medium", description="end with exit code 1 for findings of this severity and higher"
    )
    fail_on_new: bool = Field(
        default=False, description="true to count only findings that are new since the earlier runs"
    )
    allow_incomplete: bool = Field(
        default=False, description="true to end with 0, not 3, where something could not be read"
    )
    costs: bool = Field(default=False, description="true to check documented budgets, for 0.01 USD a run")
    checkov: bool = Field(default=False, description="true to check the policies of checkov too")
    notify: tuple[Channel, ...] = Field(
        default=(), description="where changes are told after a run is saved: a list of channels"
    )
    no_notify: bool = Field(default=False, description="true to send nothing; the next run that sends tells it")
    limits: Limits = Field(default=Limits(), description="what remedies may do at most")
