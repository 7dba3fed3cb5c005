"""Small samples of what the formats look like, kept in reports/samples for people to read in a review.

`python -m tests.report.golden` writes them again.
"""

from __future__ import annotations

import io

from auditor import report
from auditor.report.picture import picture
from tests.report.sample import SAMPLES, Json, run

# One of everything: boxes in boxes, the five verdicts, the three kinds of arrow.
TINY: dict[str, Json] = {
    "boxes": [
        {"id": "eu-west-1", "kind": "region", "label": "eu-west-1", "parent": ""},
        {"id": "vpc", "kind": "vpc", "label": "shop", "parent": "eu-west-1"},
        {"id": "subnet", "kind": "subnet", "label": "private-a", "parent": "vpc"},
    ],
    "nodes": [
        {"id": "fn", "role": "server", "type": "AWS::Lambda::Function", "label": "shop-server", "box": "eu-west-1",
         "verdict": "kept", "findings": []},
        {"id": "logs", "role": "logs", "type": "AWS::Logs::LogGroup", "label": "/aws/lambda/shop-server",
         "box": "eu-west-1", "verdict": "unknown", "findings": ["00000000000000aa"]},
        {"id": "alarm", "role": "alarm", "type": "AWS::CloudWatch::Alarm", "label": "alarm", "box": "eu-west-1",
         "verdict": "missing", "findings": ["00000000000000bb"]},
        {"id": "db", "role": "database", "type": "AWS::RDS::DBInstance", "label": "shop-db", "box": "subnet",
         "verdict": "broken", "findings": ["00000000000000cc"]},
        {"id": "stray", "role": "", "type": "AWS::EC2::Instance", "label": "점검용", "box": "subnet",
         "verdict": "extra", "findings": ["00000000000000dd"]},
    ],
    "links": [
        {"from": "fn", "relation": "reaches", "to": "db", "verdict": "broken", "label": "server → database", "id": "a"},
        {"from": "fn", "relation": "logs-to", "to": "logs", "verdict": "unknown", "label": "", "id": "b"},
        {"from": "alarm", "relation": "watches", "to": "fn", "verdict": "kept", "label": "", "id": "c"},
    ],
}  # fmt: skip


def samples() -> dict[str, str]:
    """File name -> what should be in it."""
    console = io.StringIO()
    report.write("text", run(), console, report.Options(width=100, color=False))
    return {"console.txt": console.getvalue(), "picture.svg": picture(TINY)}


def write() -> None:
    for name, text in samples().items():
        (SAMPLES / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
