"""What reads bytes of strangers, each as one function: it answers the same for the same bytes, or refuses in a way that
is declared. Nothing else may leave it."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path

from auditor.checks import baselines, rules
from auditor.checks.judge import judge
from auditor.checks.yaml import DefinitionError
from auditor.graph.access.policy import patterns
from auditor.graph.build import build
from auditor.remedy import planfile
from auditor.resources import load
from auditor.sources import snapshot
from auditor.sources.code import read_code
from auditor.sources.code_options import BadCode, CodeOptions
from auditor.sources.terraform import given, text
from auditor.sources.terraform.copying import copy
from auditor.store import bundle
from tests.store.test_store import from_file

DECLARED = (BadCode, DefinitionError, snapshot.BadSnapshot, bundle.BadBundle, planfile.BadPlan)


@cache
def every_rule():
    return rules.load_rules()


def code(path, folder=None):
    """Everything up to the verdicts: what gets through a parser must not bring down who reads its answer."""
    inventory = read_code(folder or path, CodeOptions({"Given": "x"}, region="eu-west-1"))
    judged = judge(every_rule(), build(inventory, load()))
    told = [(each.key, sorted(each.unknown), repr(each.properties)) for each in inventory.resources]
    return told, [each.message for each in inventory.gaps], sorted(each.id for each in judged.findings)


def assembly(path):
    """The bytes are the manifest of what CDK wrote."""
    folder = path.parent / "cdk.out"
    folder.mkdir()
    path.rename(folder / "manifest.json")
    (folder / "cdk.out").write_text('{"version": "36.0.0"}')
    (folder / "web.json").write_text('{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}')
    return code(folder)


def policy(path):
    """The bytes are a policy in every place that holds one."""
    document = path.read_bytes().decode("utf-8", "replace")
    roles = {"AssumeRolePolicyDocument": document, "Policies": [{"PolicyName": "p", "PolicyDocument": document}]}
    held = {
        "Bucket": ("AWS::S3::BucketPolicy", {"Bucket": "b", "PolicyDocument": document}),
        "Key": ("AWS::KMS::Key", {"KeyPolicy": document}),
        "Role": ("AWS::IAM::Role", roles),
        "Policy": ("AWS::IAM::ManagedPolicy", {"PolicyDocument": document}),
        "B": ("AWS::S3::Bucket", {"BucketName": "b"}),
    }
    made = {name: {"Type": kind, "Properties": values} for name, (kind, values) in held.items()}
    path.write_text(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": made}))
    return code(path.rename(path.with_suffix(".json")))


def scanned(path):
    """Terraform's text as we take it apart, without the evaluator; no letter of it may get lost."""
    name = path.name
    with tempfile.TemporaryDirectory() as folder:
        tree = copy(path.parent, Path(folder))
    said = tree.texts[name]
    assert "".join(each.text for each in text.tokens(said)) == said
    inside = [sorted(text.attributes(head.source, head.line).items()) for head in text.blocks(said)]
    return [repr(head) for head in text.blocks(said)], repr(inside), tree.left


def variables(path):
    """Values of variables, as far as we read them ourselves."""
    (path.parent / "main.tf").write_text('variable "x" {}\n')
    with tempfile.TemporaryDirectory() as folder:
        tree = copy(path.rename(path.with_name("more.auto.tfvars")).parent, Path(folder))
    return sorted(given.names(tree.texts, CodeOptions())), tree.left


def pairs(path):
    """Two lines, two patterns."""
    one, _, other = path.read_bytes().decode("utf-8", "replace").partition("\n")
    return [ask(*pair) for ask in (patterns.like, patterns.fits, patterns.covers, patterns.meets)
            for pair in ((one, other), (other, one))]  # fmt: skip


def saved(path):
    place, replay = snapshot.load(path)
    return place, sorted(map(str, replay.replies))


def rule(path):
    return [each.id for each in rules.load_rules([path.parent], built_in=False)]


def baseline(path):
    return [baselines.load_baseline(str(path), []).id]


READERS = {
    "template.yaml": code,
    "template.json": code,
    "manifest.json": assembly,
    "plan.json": code,
    "state.tfstate": code,
    "scanned.tf": scanned,
    "evaluated.tf": lambda path: code(path, path.parent),
    "more.tfvars": variables,
    "policy.txt": policy,
    "patterns.txt": pairs,
    "rule.yaml": rule,
    "baseline.yaml": baseline,
    "inventory.jsonl": saved,
    "run.jsonl.gz": from_file,
    "remedies.json": lambda path: planfile.read_plan(path, load()),
}


def read(name: str, content: bytes):
    """The reader's answer, or the words of its refusal."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder).resolve() / "in" / name
        path.parent.mkdir()
        path.write_bytes(content)
        try:
            return READERS[name](path)
        except DECLARED as refused:
            return str(refused).replace(folder, "")
