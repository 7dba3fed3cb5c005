"""`python -m tools.rule_forms [RULE ...]`: record the accounts of the rules' examples, out of their Terraform.

An example's Terraform is written by the rows of its types (`tools/example_code.py`). `tests/rules/<id>/` holds more:

- `live/fail-2.jsonl`   the account in which a real Terraform has made that example: a saved inventory of what the rule
                        asks, a call on each line. The account is the embedded one; its number and clock are replaced.
- `tf/main.tf`          examples that the rows cannot write, or that need something beside them before AWS would make
                        them; a label begins with its example (`fail_2`, `fail_2_key`)
- `notes.yaml`          `cannot`: for `terraform` and `live`, the examples that it cannot say, each with the reason;
                        `by_hand`: live forms that Terraform did not make, each with the reason. They are kept.

Plans of that Terraform lie in tests/plans.jsonl.gz (`make plans`).
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import yaml

from auditor.checks.rules import load_rules
from auditor.checks.schema import Example, Rule
from auditor.sandbox import Sandbox, sandbox
from tools.example_code import CannotWrite, code_of, hand_written
from tools.terraform import NoTerraform, Terraform, TerraformFailed, find, towards

RULES = Path(__file__).resolve().parents[1] / "tests" / "rules"
ACCOUNT, REGION = "111122223333", "ap-northeast-2"
MOMENT, TICKS = "2026-02-24T03:00:00+00:00", "1771902000000"
PROVIDER = f"""
provider "aws" {{
  region            = "{REGION}"
  s3_use_path_style = true
}}
"""
CODE = ("example-code", "code.zip")  # what functions of the examples are made of
_CLOCK = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)?")
_TICKS = re.compile(r"(?<=: )1[7-9]\d{11}(?=[,}])")


def main(chosen: list[str]) -> int:
    try:
        terraform = find()
    except NoTerraform as missing:
        sys.stderr.write(f"{missing}\n")
        return 2
    rules = [each for each in load_rules() if not chosen or each.id in chosen]
    tasks = [(terraform, rule.id, *each) for rule in rules for each in _to_apply(rule)]
    with ProcessPoolExecutor(max_workers=4) as pool:  # most of the time is Terraform waiting for a database
        failed = [problem for problem in pool.map(_recorded, *zip(*tasks, strict=True)) if problem] if tasks else []
    return 1 if failed else 0


def examples(rule: Rule) -> Iterator[tuple[str, str, Mapping[str, Example]]]:
    """Every example of a rule by its name, `pass-1`, and the verdict that it is an example of."""
    for kind, verdict, found in (("pass", "kept", rule.examples.passing), ("fail", "broken", rule.examples.failing)):
        for number, example in enumerate(found, 1):
            yield f"{kind}-{number}", verdict, example


def generated(rule: Rule) -> dict[str, Mapping[str, Example]]:
    """The examples whose Terraform the rows write."""
    cannot, written = notes(RULES / rule.id).get("cannot", {}).get("terraform", {}), by_hand(rule.id)
    return {name: example for name, _, example in examples(rule) if name not in cannot and name not in written}


def by_hand(rule: str) -> dict[str, str]:
    """The examples of a rule whose Terraform is written by hand."""
    file = RULES / rule / "tf" / "main.tf"
    return hand_written(file.read_text(encoding="utf-8")) if file.is_file() else {}


def codes(rule: Rule) -> dict[str, str]:
    """The Terraform of each example of a rule that has one."""
    where = f"tests/rules/{rule.id}/tf/main.tf"
    try:
        made = {name: code_of(name, example, where) for name, example in generated(rule).items()}
    except CannotWrite as cannot:
        raise CannotWrite(f"rule {rule.id}, {cannot}") from None
    return {**by_hand(rule.id), **made}


def rule_codes() -> Iterator[tuple[str, str]]:
    """The Terraform of every rule, all its examples together."""
    for rule in load_rules():
        yield rule.id, "\n".join(codes(rule).values())


def notes(folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    file = folder / "notes.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _to_apply(rule: Rule) -> list[tuple[str, str]]:
    """The examples to record, with their Terraform."""
    said = notes(RULES / rule.id)
    kept = {*said.get("by_hand", {}), *said.get("cannot", {}).get("live", {})}
    return [(name, text) for name, text in codes(rule).items() if name not in kept]


def _recorded(terraform: Terraform, rule: str, example: str, text: str) -> str:
    """Apply one example to an account of its own, and save what the rule asks of it; gives what went wrong."""
    problem = ""
    try:
        _record_applied(terraform, rule, example, text)
    except TerraformFailed as failed:
        problem = f": {failed}"
    sys.stderr.write(f"{rule}: {example}{problem}\n")
    return problem


def _record_applied(terraform: Terraform, rule: str, example: str, text: str) -> None:
    with sandbox() as box, tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        text = text.replace(ACCOUNT, box.account)
        if CODE[0] in text:
            _furnish(box)
        (work / "main.tf").write_text(PROVIDER + text, encoding="utf-8")
        terraform.run(work, "init", "-input=false", "-no-color", environ=towards(box))
        terraform.run(
            work, "apply", "-input=false", "-no-color", "-auto-approve", "-refresh=false", environ=towards(box)
        )
        target = RULES / rule / "live" / f"{example}.jsonl"
        target.parent.mkdir(parents=True, exist_ok=True)
        record(box, rule, target)


def record(box: Sandbox, rule: str, target: Path) -> None:
    """Save what a rule asks of an account, with the number of the examples' account and a clock that stands."""
    from auditor import pipeline
    from auditor.resources import load
    from auditor.sources import live, snapshot

    os.environ.clear()
    os.environ.update(box.environ())
    wish = pipeline.Wish(rules=(rule,), regions=(REGION,))
    chosen = pipeline.definitions(wish)
    source = pipeline.open_source(wish, chosen)
    kept = snapshot.Recording(source.caller, {})
    live.read(kept, source.place, pipeline.demand(wish, chosen, load()), load())
    snapshot.save(target, source.place, kept.kept)
    text = target.read_text(encoding="utf-8").replace(box.account, ACCOUNT)
    target.write_text(_TICKS.sub(TICKS, _CLOCK.sub(MOMENT, text)), encoding="utf-8")


def _furnish(box: Sandbox) -> None:
    """What examples take as given: the package that functions are made of."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("index.mjs", "export const handler = async () => ({});\n")
    s3 = box.session_client("s3", REGION)
    s3.create_bucket(Bucket=CODE[0], CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=CODE[0], Key=CODE[1], Body=packed.getvalue())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
