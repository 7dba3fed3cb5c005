"""The example accounts by name: how each is built, how the demo lets it drift, and the baselines that it is held to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from auditor.sandbox import drifts, drifts_of_couple, drifts_of_dualtetrax, drifts_of_glimpse, drifts_of_pingvas
from auditor.sandbox.built import Built
from auditor.sandbox.couple import build_couple
from auditor.sandbox.cuggu import build_cuggu
from auditor.sandbox.drifts import Drift
from auditor.sandbox.dualtetrax import build_dualtetrax
from auditor.sandbox.glimpse import build_glimpse
from auditor.sandbox.pingvas import build_pingvas
from auditor.sandbox.server import Sandbox


@dataclass(frozen=True)
class Example:
    build: Callable[[Sandbox], Built]
    drifts: tuple[Drift, ...]
    baselines: tuple[str, ...]


def example(name: str) -> Example:
    return {
        "cuggu": Example(build_cuggu, drifts.DRIFTS, ("cuggu",)),
        "dualtetrax": Example(build_dualtetrax, drifts_of_dualtetrax.DRIFTS, ("dualtetrax", "dualtetrax:prod")),
        "glimpse": Example(build_glimpse, drifts_of_glimpse.DRIFTS, ("glimpse",)),
        "couple": Example(build_couple, drifts_of_couple.DRIFTS, ("couple", "couple:dev")),
        "pingvas": Example(build_pingvas, drifts_of_pingvas.DRIFTS, ("pingvas",)),
    }[name]
