"""Graphs out of CloudFormation fragments of a few lines, for examples of rules and tables of tests.

References are resolved by the simplest reading: `Ref` is the resource's id, `Fn::GetAtt` its ARN or a property.
"""

from auditor.aws.fill import Unfilled, fill
from auditor.graph.build import build
from auditor.model import ABSENT, GLOBAL, Inventory, Resource
from auditor.resources import load
from auditor.sources.normalise import settle

ACCOUNT, REGION = "111122223333", "ap-northeast-2"


def graph_of(fragment, types=None):
    """The graph of {name: {Type, Properties}}; every described type counts as looked for."""
    types = types or load()
    blank = {name: _blank(name, entry, types) for name, entry in fragment.items()}
    for name, entry in fragment.items():
        _fill(blank[name], resolved(entry.get("Properties", {}), blank, fragment), types)
    inventory = Inventory(list(blank.values()), [], frozenset(types), (ACCOUNT,), (REGION,))
    return build(inventory, types)


def _blank(name, entry, types):
    described = types[entry["Type"]]
    region = GLOBAL if described.scope != "regional" else REGION
    given = entry.get("Properties", {})
    own = described.id if described.id.isidentifier() else ""
    identity = next((given[key] for key in (own, "BucketName", "FunctionName", "Name") if isinstance(given.get(key), str)), name)
    resource = Resource(entry["Type"], identity, ACCOUNT, region, name=name, origin=f"example: {name}")
    resource.arn = f"arn:aws:{described.service}:{'' if region == GLOBAL else region}:{ACCOUNT}:{identity}"
    if entry["Type"] == "AWS::S3::Bucket":
        resource.arn = f"arn:aws:s3:::{identity}"
    if entry["Type"].startswith("AWS::IAM::"):
        resource.arn = f"arn:aws:iam::{ACCOUNT}:{entry['Type'].split('::')[-1].lower()}/{identity}"
    return resource


def _fill(resource, properties, types):
    described = types[resource.type]
    for row in described.props:
        value = properties.get(row.name, row.default)
        if value is not ABSENT and value is not None:
            resource.properties[row.name] = settle(row.same, value)
    for name, value in properties.items():
        assert described.prop(name), f"{resource.type} has no row {name}"
        resource.properties.setdefault(name, value)

    def value(name):
        plain = {"id": resource.id, "arn": resource.arn, "name": resource.name, "account": ACCOUNT, "region": REGION, "partition": "aws"}
        return plain.get(name, resource.properties.get(name.removeprefix("raw."), ABSENT))

    names = []
    for template in described.names:
        try:
            names.append(str(fill(template, value)) if "{" in template else str(properties.get(template, "")))
        except Unfilled:
            continue
    resource.names = tuple(sorted({*names, resource.name} - {""}))


def resolved(value, blank, fragment):
    if isinstance(value, list):
        return [resolved(each, blank, fragment) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"}:
        return blank[value["Ref"]].id
    if set(value) == {"Fn::GetAtt"}:
        name, attribute = value["Fn::GetAtt"] if isinstance(value["Fn::GetAtt"], list) else value["Fn::GetAtt"].split(".", 1)
        return _attribute(blank[name], attribute, fragment[name])
    return {key: resolved(each, blank, fragment) for key, each in value.items()}


def _attribute(resource, attribute, entry):
    if attribute in ("Arn", "FunctionArn", "TopicArn", "DBInstanceArn", "DBProxyArn", "PolicyArn"):
        return resource.arn
    if attribute in ("RegionalDomainName", "DomainName") and resource.type == "AWS::S3::Bucket":
        return f"{resource.id}.s3.{REGION}.amazonaws.com"
    return entry.get("Properties", {}).get(attribute, resource.id)
