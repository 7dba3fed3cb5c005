"""Templates held against their document: as they are, and with one text changed."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from auditor import pipeline
from auditor.sources.cloudformation import read
from auditor.sources.code_options import CodeOptions
from auditor.sources.opened import Source


@dataclass(frozen=True)
class Rewrite:
    """`after` is where in the template to begin to look for `old`, when it stands there more than once."""

    name: str
    after: str
    old: str
    new: str
    check: str
    line: str = ""
    kind: str = "different"
    verdict: str = "broken"
    file: str = "template.yaml"


@dataclass(frozen=True)
class Templates:
    """A folder beside the tests, the baseline that it keeps, and how its templates are read."""

    folder: Path
    baseline: str
    region: str
    parameters: dict[str, str] = field(default_factory=dict)

    def look(self, folder=None):
        wish = pipeline.Wish(baselines=(self.baseline,))
        options = CodeOptions(region=self.region, parameters=self.parameters)
        source = Source(None, None, Counter(), "code")
        inventory = read(folder or self.folder, options)
        return pipeline.conclude(wish, pipeline.definitions(wish), source, inventory, dt.datetime.now(dt.UTC))

    def changed(self, change, tmp_path):
        """The outcome with one text changed behind the beginning of a resource, and the changed template."""
        folder = tmp_path / self.folder.name
        shutil.copytree(self.folder, folder)
        file = folder / change.file
        text = file.read_text()
        at = text.index(f"\n  {change.after}:")
        assert change.old in text[at:], change.name
        text = text[:at] + text[at:].replace(change.old, change.new, 1)
        file.write_text(text)
        return self.look(folder), text

    def hits(self, change, outcome, baseline=""):
        """The findings that a change asks for."""
        wanted = change.verdict, f"{baseline or self.baseline}/{change.check}", change.kind
        return [each for each in outcome.findings if (each.verdict, each.check, each.kind) == wanted]


def lines_with(text, file, part):
    return {f"{file}:{number}" for number, line in enumerate(text.split("\n"), 1) if part in line}
