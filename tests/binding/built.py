"""cuggu as the sandbox builds it, read once as `auditor check --baseline cuggu` reads it."""

import os
import tempfile
from pathlib import Path
from unittest import mock

from auditor import pipeline
from auditor.checks.baselines import load_baseline
from auditor.resources import load
from auditor.sandbox import sandbox
from auditor.sandbox.cuggu import build_cuggu
from auditor.sources import live, snapshot


def read_cuggu(built):
    """The inventory of a built account, saved and read back."""
    with mock.patch.dict(os.environ, built.box.environ()), tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "cuggu.jsonl"
        pipeline.scan(pipeline.Wish(), saved)
        place, replay = snapshot.load(saved)
        chosen = pipeline.Definitions([], [load_baseline("cuggu")])
        return live.read(replay, place, pipeline.demand(pipeline.Wish(), chosen, load()), load())


def built_cuggu():
    with sandbox() as box:
        built = build_cuggu(box)
        return read_cuggu(built), built
