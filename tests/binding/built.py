"""Accounts as the sandbox builds them, read once as `auditor check` reads them for their baselines."""

import os
import tempfile
from pathlib import Path
from unittest import mock

from auditor import pipeline
from auditor.checks.baselines import load_baselines
from auditor.resources import load
from auditor.sandbox import sandbox
from auditor.sandbox.cuggu import build_cuggu
from auditor.sandbox.dualtetrax import build_dualtetrax
from auditor.sandbox.examples import example
from auditor.sources import live, snapshot


def read_built(built, *baselines):
    """The inventory of a built account, saved and read back."""
    with mock.patch.dict(os.environ, built.box.environ()), tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "account.jsonl"
        pipeline.scan(pipeline.Wish(regions=(built.region,)), saved)
        place, replay = snapshot.load(saved)
        chosen = pipeline.Definitions([], load_baselines(list(baselines)))
        return live.read(replay, place, pipeline.demand(pipeline.Wish(), chosen, load()), load())


def built_cuggu():
    with sandbox() as box:
        built = build_cuggu(box)
        return read_built(built, "cuggu"), built


def built_dualtetrax():
    """Both environments side by side."""
    with sandbox() as box:
        built = build_dualtetrax(box)
        return read_built(built, "dualtetrax:dev", "dualtetrax:prod"), built


def built_account(name):
    """An example account by its name, read for all of its baselines."""
    given = example(name)
    with sandbox() as box:
        return read_built(given.build(box), *given.baselines)
