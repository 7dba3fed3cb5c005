"""What strangers write, made up: values of the right words in the wrong places, words of a language in any order, and
files of the corpus with pieces taken out, doubled and put in."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import strategies as st

from auditor.resources import load
from auditor.sources.cloudformation.intrinsics import FUNCTIONS

CORPUS = Path(__file__).parent / "corpus"
TYPES = sorted(load())
FOLDS = sorted({join.fold for each in load().values() for join in each.joins if join.fold.startswith("AWS::")})
PROPERTIES = sorted({row.name for each in load().values() for row in each.props})
TERRAFORM = sorted(
    {name for each in load().values() for name in (*each.terraform, *each.folds) if name.startswith("aws_")}
)
ATTRIBUTES = sorted(
    {row.tf.split(".")[-1] for each in load().values() for row in each.props if row.tf not in ("", "@", "-")}
)
MEMBERS = ["Statement", "Effect", "Action", "NotAction", "Resource", "Principal", "Condition", "Sid", "AWS", "Key", "Value", "Rules", "Type", "Properties", "Bucket", "CidrIp", "FromPort", "ToPort", "IpProtocol", "Status", "Ebs", "Encrypted", "Variables", "PolicyName", "PolicyDocument", "StringEquals", "DistributionConfig", "Origins", "Items", "Id", "DomainName", "ViewerCertificate", "Targets", "Arn", "Routes", "Entries", "Tags"]  # fmt: skip
TEXTS = ["", "x", "*", "?", "Allow", "Deny", "true", "0.0.0.0/0", "::/0", "10.0.0.0/33", "arn:aws:s3:::b/*", "-1", "22", "65536",
         "arn:aws:iam::111122223333:root", "${A}", "${A.Arn}", "${", "${?", "${!A}", "{{resolve:ssm:x}}", "\x1b[2J", "\u202e",
         "1e999", "9" * 50, "2012-10-17", "tcp", "${aws:username}", "{", '{"Statement": [1]}', "[" * 30, "A", "B"]  # fmt: skip

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 70000), st.integers(), st.sampled_from([0.5, -1.5, 1e300]),
    st.sampled_from(TEXTS), st.text(max_size=6),
)  # fmt: skip


def values(keys, leaves=20):
    """Values of JSON whose keys are words of the language."""
    return st.recursive(
        scalars,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
        max_leaves=leaves,
    )


functions = sorted([*FUNCTIONS, "Fn::ForEach::X", "Fn::Unknown", "Condition"])
members = st.one_of(st.sampled_from(MEMBERS), st.sampled_from(PROPERTIES), st.sampled_from(functions))
inside = values(members)
resources = st.fixed_dictionaries(
    {"Type": st.sampled_from([*TYPES, *FOLDS, "AWS::CloudFormation::Stack", "AWS::Serverless::Function", "Custom::X"])},
    optional={
        "Properties": st.one_of(st.dictionaries(st.sampled_from(PROPERTIES), inside, max_size=4), inside),
        "Condition": scalars, "DependsOn": inside, "Metadata": inside,
    },
)  # fmt: skip
templates = st.fixed_dictionaries(
    {
        "AWSTemplateFormatVersion": st.just("2010-09-09"),
        "Resources": st.dictionaries(st.sampled_from(["A", "B", "C", "Fn::ForEach::L", "a.b"]), st.one_of(resources, resources, inside), min_size=1, max_size=3),
    },
    optional={
        "Parameters": values(st.sampled_from(["A", "P", "Type", "Default", "NoEcho"]), 8),
        "Conditions": values(st.sampled_from(["A", "C", *functions]), 8),
        "Mappings": values(st.sampled_from(["A", "M"]), 8),
        "Outputs": values(st.sampled_from(["A", "Value", "Export", "Name", *functions]), 8),
        "Globals": values(st.sampled_from(["Function", "Environment", "Tags"]), 6),
        "Transform": st.one_of(st.sampled_from(["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"]), inside),
    },
)  # fmt: skip


@st.composite
def typed(draw):
    """A resource whose own properties hold what does not belong there."""
    cfn = draw(st.sampled_from(TYPES))
    names = st.sampled_from([row.name for row in load()[cfn].props])
    given = draw(st.dictionaries(names, inside, min_size=1, max_size=5))
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"A": {"Type": cfn, "Properties": given}}}


attributes = st.sampled_from([*ATTRIBUTES, "statement", "effect", "principals", "sid"])
words = st.sampled_from([*ATTRIBUTES, "references", "constant_value", "id", "arn"])
references = st.sampled_from(
    [
        "aws_vpc.A",
        "aws_vpc.A[0]",
        "module.m.x",
        "var.x",
        "each.value",
        "data.aws_iam_policy_document.A",
        "[",
        "aws_vpc.A.id",
    ]
)
changes = st.fixed_dictionaries(
    {
        "address": st.sampled_from(["aws_vpc.A", 'aws_vpc.A["x"]', "module.m[0].aws_s3_bucket.A", "A", "", "module."]),
        "type": st.sampled_from([*TERRAFORM, "aws_iam_policy_document"]),
        "name": st.just("A"),
        "mode": st.sampled_from(["managed", "managed", "data"]),
        "change": st.one_of(scalars, st.fixed_dictionaries({
            "actions": st.sampled_from([["create"], ["delete"], [], None]),
            "after": st.one_of(st.dictionaries(attributes, values(attributes), max_size=6), scalars),
            "after_unknown": st.one_of(st.dictionaries(attributes, values(attributes, 4), max_size=4), scalars),
            "after_sensitive": values(attributes, 4),
        })),
    },
    optional={"module_address": st.sampled_from(["module.m", "module.m[0]", "module", "", 3]), "previous_address": scalars},
)  # fmt: skip
configured = st.fixed_dictionaries({
    "type": st.sampled_from(TERRAFORM), "name": st.just("A"),
    "expressions": st.one_of(values(words, 6), st.dictionaries(attributes, st.fixed_dictionaries({"references": st.lists(references, max_size=3)}), max_size=3)),
})  # fmt: skip
modules = st.fixed_dictionaries({}, optional={
    "resources": st.one_of(scalars, st.lists(st.one_of(configured, scalars), max_size=3)),
    "module_calls": values(st.sampled_from(["m", "module", "expressions", "outputs", "x", "references"]), 8),
    "variables": values(st.sampled_from(["x", "sensitive"]), 4), "outputs": values(st.sampled_from(["x", "expression"]), 4),
})  # fmt: skip
plans = st.fixed_dictionaries(
    {"format_version": st.sampled_from(["1.2", "0.1", "2.0", "", 1]), "terraform_version": st.just("1.11.4"),
     "resource_changes": st.lists(st.one_of(changes, changes, scalars), max_size=4)},
    optional={
        "planned_values": values(st.sampled_from(["root_module", "resources", "child_modules", "values"])),
        "configuration": st.one_of(scalars, st.fixed_dictionaries({"root_module": st.one_of(modules, scalars)}, optional={"provider_config": inside})),
        "variables": values(st.sampled_from(["x", "value"]), 5),
    },
)  # fmt: skip
instances = st.fixed_dictionaries({}, optional={
    "attributes": st.one_of(scalars, st.dictionaries(attributes, values(attributes), max_size=5)),
    "sensitive_attributes": values(st.sampled_from(["value", "type"]), 4), "index_key": inside,
})  # fmt: skip
states = st.fixed_dictionaries(
    {"version": st.sampled_from([4, 4, 4, 3, "4"]), "terraform_version": st.just("1"), "lineage": st.just("x"),
     "resources": st.lists(st.fixed_dictionaries({
         "mode": st.just("managed"), "type": st.sampled_from(TERRAFORM), "name": scalars,
         "instances": st.one_of(scalars, st.lists(st.one_of(instances, scalars), max_size=2))}), max_size=3)},
)  # fmt: skip
manifests = st.fixed_dictionaries({"version": scalars, "artifacts": st.one_of(scalars, st.dictionaries(
    st.sampled_from(["S", "T"]),
    st.fixed_dictionaries({
        "type": st.sampled_from(["aws:cloudformation:stack", "cdk:cloud-assembly", None]),
        "properties": st.one_of(scalars, st.fixed_dictionaries({}, optional={
            "templateFile": st.sampled_from(["web.json", "../x", ".", "\0", "a" * 300, 3]), "stackName": scalars,
            "directoryName": st.sampled_from([".", "..", "x", None]), "additionalMetadataFile": st.sampled_from(["web.json", "/", 1])}))},
        optional={"environment": st.sampled_from(["aws://1/eu-west-1", "aws://unknown-account/unknown-region", 3]),
                  "metadata": st.one_of(scalars, st.dictionaries(st.just("/S/B"), st.one_of(scalars, st.lists(st.one_of(scalars, st.fixed_dictionaries(
                      {"type": st.one_of(st.sampled_from(["aws:cdk:logicalId", "aws:cdk:creationStack"]), inside), "data": st.one_of(inside, st.just("B"))},
                      optional={"trace": st.lists(st.sampled_from(["at x (/a/b.ts:1:1)", "a.py:9", 3, "(" * 600]), max_size=3)})), max_size=3))))})))})  # fmt: skip
policies = st.fixed_dictionaries({"Version": st.just("2012-10-17"), "Statement": st.one_of(inside, st.lists(st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny", 3])},
    optional={name: st.one_of(st.sampled_from([*TEXTS, "s3:*", "*:*"]), inside) for name in ("Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Sid")}
    | {"Condition": st.dictionaries(st.sampled_from(["StringEquals", "ForAllValues:StringLike", "IpAddress", "Null", "DateLessThan", "x"]),
                                    st.dictionaries(st.sampled_from(["aws:SourceIp", "aws:PrincipalOrgID", "s3:x", ""]), inside, max_size=2), max_size=2)}), max_size=3))})  # fmt: skip

HCL = ['resource', 'module', 'source', 'data', 'locals', 'variable', 'moved', 'count', 'for_each', 'dynamic', 'content', 'file(', 'templatefile(', 'fileset(', 'path.module', '"aws_vpc"', '"v"', '"./m"', '"../m"', '${', '%{', '}', '{', '(', ')', '[', ']', '=', '==', '=>', '"', '\\"', '\\', '#', '//', '/*', '*/', '<<EOT', '<<-EOT', 'EOT', '\n', ',', '.', 'x', '1', 'null', 'true', 'a.b.c', '"\n']  # fmt: skip
YAML = ["Resources:", "A:", "Type:", "AWS::S3::Bucket", "Properties:", "&", "*", "&a", "*a", "<<", "?", "-", ":", "|", ">", "'", '"', "[", "]", "{", "}", ",", "#", "!", "!Ref", "!Sub", "!GetAtt", "!!str", "%", "@", "`", "~", "null", "0o7", "1_0", "\t", "---", "..."]  # fmt: skip
hcl = st.lists(st.sampled_from([*HCL, " ", "\n"]), max_size=60).map("".join)
yaml = st.lists(st.sampled_from([*YAML, " ", "\n", "\n  ", "\n    "]), max_size=50).map("".join)
tfvars = st.lists(
    st.sampled_from(["x", "=", " ", "\n", '"', "1", "[", "]", "{", "}", "<<A", "\nA\n", "#", "file("]), max_size=40
).map("".join)
wildcards = st.lists(st.sampled_from(["*", "?", "a", "b", "[", "\\", "A"]), max_size=8).map("".join)


def seeds(name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir()) if path.is_file()]


@st.composite
def mutated(draw, name: str):
    """A file of the corpus with pieces changed."""
    content = draw(st.sampled_from(seeds(name)))[:4000]
    for _ in range(draw(st.integers(1, 4))):
        at, to = sorted((draw(st.integers(0, len(content))), draw(st.integers(0, len(content)))))
        piece = draw(
            st.one_of(
                st.binary(max_size=4),
                st.just(content[at:to]),
                st.sampled_from([b"", b"{", b"[", b'"', b"\0", b"\xff", b"\n", b"1e999", b"null"]),
            )
        )
        content = content[:at] + piece + content[draw(st.sampled_from([at, to])) :]
    return content


def said(strategy):
    return strategy.map(lambda value: json.dumps(value).encode())


def encoded(strategy):
    return strategy.map(lambda text: text.encode("utf-8", "surrogatepass"))


MADE = {
    "template.json": st.one_of(said(templates), said(typed())),
    "template.yaml": st.one_of(said(templates), encoded(yaml)),
    "manifest.json": said(manifests),
    "plan.json": said(plans),
    "state.tfstate": said(states),
    "scanned.tf": encoded(hcl),
    "more.tfvars": encoded(tfvars),
    "policy.txt": said(policies),
    "patterns.txt": encoded(st.tuples(wildcards, wildcards).map("\n".join)),
    "rule.yaml": encoded(yaml),
    "baseline.yaml": encoded(yaml),
    "inventory.jsonl": said(inside),
    "run.jsonl.gz": st.binary(max_size=40),
    "remedies.json": said(inside),
}
