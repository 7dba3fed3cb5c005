"""`python -m tools.sam_golden`: what AWS's own translator makes of the serverless templates of the tests.

aws-sam-translator (Apache-2.0) is asked where it is installed; 1.115.0 made the committed files. Beside each
tests/sources/cloudformation/sam/NAME.yaml it writes NAME.expanded.json, a plain template, which tests compare with what
we make ourselves, resource by resource.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from auditor import bounded
from auditor.bounded import Document
from auditor.sources.cloudformation.load import DIALECT

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "sources" / "cloudformation" / "sam"
MANAGED = {name: f"arn:aws:iam::aws:policy/{name}" for name in ("AmazonS3ReadOnlyAccess", "AWSLambdaExecute")}


def main() -> int:
    try:
        import samtranslator  # noqa: F401
    except ImportError:
        sys.stderr.write("aws-sam-translator is needed: pip install aws-sam-translator\n")
        return 2
    for path in sorted(FOLDER.glob("*.yaml")):
        made = json.dumps(expanded(path), indent=1, sort_keys=True)
        path.with_suffix(".expanded.json").write_text(made + "\n", encoding="utf-8")
        sys.stderr.write(f"{path.name}\n")
    return 0


def expanded(path: Path) -> dict[str, Any]:
    """The template as the translator writes it out."""
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    os.environ.setdefault("AWS_DEFAULT_REGION", "ap-northeast-2")
    document = Document(path.name)
    bounded.parse(path.read_text(encoding="utf-8"), document, DIALECT)
    plain = json.loads(json.dumps(document.value))
    made: dict[str, Any] = Translator(MANAGED, Parser()).translate(plain, {})
    made.pop("Transform", None)
    return made


if __name__ == "__main__":
    raise SystemExit(main())
