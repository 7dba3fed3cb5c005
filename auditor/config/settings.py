"""Each setting once: its key in the file, the option that it is the default of, and its environment variable.

What it may be is said by the option (click) and by the field of the file (`schema`); what it is without either is the
option's own default.
"""

from __future__ import annotations

from dataclasses import dataclass

PREFIX = "AUDITOR_"
CONFIG, NO_CONFIG = "AUDITOR_CONFIG", "AUDITOR_NO_CONFIG"


@dataclass(frozen=True, slots=True)
class Setting:
    """`parameter` is what the commands call the option's value. `but` names the commands in which it is not set from
    elsewhere, although they have the option. It counts for nothing where one of the parameters `unless` is typed."""

    key: str
    option: str
    parameter: str
    variable: str = ""
    but: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    @property
    def environment(self) -> str:
        return self.variable or PREFIX + self.key.upper().replace(".", "_")


# What makes a run say less, end better or change more: it is told where it does not stand on the command line.
LOOSENS = ("rules", "no_rules", "fail_on", "fail_on_new", "allow_incomplete", "no_notify", "limits.risk")

# A plan and a journal say themselves by what they were judged.
_PLANNED = ("apply", "rollback")

SETTINGS = (
    Setting("profile", "--profile", "profile", but=("init",)),
    Setting("regions", "--region", "regions", but=_PLANNED),
    Setting("from", "--from", "sources", but=("plan", "permissions", "doctor", *_PLANNED)),
    Setting("baselines", "--baseline", "baselines", but=_PLANNED),
    Setting("rules", "--rule", "rules", but=_PLANNED, unless=("no_rules",)),
    Setting("no_rules", "--no-rules", "no_rules", but=_PLANNED, unless=("rules",)),
    Setting("definitions", "--definitions", "folders", but=_PLANNED),
    Setting("bind", "--bind", "pins", but=_PLANNED),
    Setting("scope", "--scope", "scopes", but=_PLANNED),
    Setting("waivers", "--waivers", "waivers"),
    Setting("store", "--store", "store_dir"),
    Setting("no_store", "--no-store", "no_store", unless=("store_dir",)),
    Setting("format", "--format", "targets"),
    Setting("verbose", "--verbose", "verbose"),
    Setting("fail_on", "--fail-on", "fail_on"),
    Setting("fail_on_new", "--fail-on-new", "fail_on_new"),
    Setting("allow_incomplete", "--allow-incomplete", "allow_incomplete"),
    Setting("costs", "--costs", "costs"),
    # AUDITOR_CHECKOV is where the program is.
    Setting("checkov", "--checkov", "checkov", variable="AUDITOR_WITH_CHECKOV"),
    Setting("notify", "--notify", "notify"),
    Setting("no_notify", "--no-notify", "no_notify", unless=("notify",)),
    # What was begun is continued with the risk that was allowed then.
    Setting("limits.risk", "--allow", "risk", unless=("resume",)),
)
