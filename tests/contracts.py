"""The contracts of a resource type: each takes a description and yields its faults in words, none when it holds.

Held against botocore as it is installed (the suite runs with the oldest and the newest), CloudFormation's schemas
(schema.json) and the attributes of Terraform's AWS provider (terraform.json).
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable, Iterator

from auditor.model import ABSENT, RELATIONS, Prop, ResourceType
from auditor.resources import load, stem
from auditor.resources.normalise import placeholder, writer
from auditor.resources.permissions import api_name, permission
from auditor.resources.schema import schema, terraform_attributes
from tests.call_contracts import calls, calls_exist, holes, paths_start_in_the_answer, placeholders_stand_for_something
from tests.shapes import method_names

# Types that edges may name before an issue to come describes them.
LATER: frozenset[str] = frozenset()
Contract = Callable[[ResourceType], Iterator[str]]


def known_to_cloudformation(described: ResourceType) -> Iterator[str]:
    known = schema(described.cfn)
    if described.ours:
        if known.properties:
            yield f"is in CloudFormation's schemas, so `ours` is no longer true: {described.ours}"
        return
    if not known.properties:
        yield "is not in schema.json: run `make schema`, or give `ours` a reason"
        return
    for row in described.props:
        if row.name not in known.properties and not row.ours:
            yield f"{row.name} is no property of {described.cfn}: spell it as there, or give `ours` a reason"
        if row.name in known.properties and row.ours:
            yield f"{row.name} is in CloudFormation's schema, so `ours` is not true: {row.ours}"


def sets_only_what_can_be_set(described: ResourceType) -> Iterator[str]:
    known = schema(described.cfn)
    for row in described.props:
        if row.settable and row.name in known.read_only:
            yield f"{row.name} has a setter, but only AWS says what it is (read-only)"
        if row.settable and row.name in known.create_only:
            yield f"{row.name} has a setter, but another value takes a new resource (create-only)"


def edges_lead_somewhere(described: ResourceType) -> Iterator[str]:
    for edge in described.edges:
        if edge.relation not in RELATIONS:
            yield f"`{edge.relation}` is no relation; the closed list is model.RELATIONS"
        if described.prop(edge.via) is None:
            yield f"{edge.relation}: via `{edge.via}` does not begin with a property of the type"
        for head in edge.to:
            if head not in load() and head not in LATER:
                yield f"{edge.relation} {head}: no such type (describe it, or add it to LATER)"


def rows_say_each_property_once(described: ResourceType) -> Iterator[str]:
    names = [row.name for row in described.props]
    yield from (f"{name}: is described twice" for name in sorted({each for each in names if names.count(each) > 1}))


def setters_can_be_undone(described: ResourceType) -> Iterator[str]:
    required = schema(described.cfn).required
    for row in described.props:
        yield from (f"{row.name}: {each}" for each in _undo(row, row.name in required))


def _undo(row: Prop, required: bool) -> Iterator[str]:
    if row.set and not any(hole.startswith("value") for hole in holes(dict(row.set.params))):
        if not row.unset:
            yield "`set` without {value} is a switch and needs `unset` to turn it off"
    elif row.set and not (row.unset or row.always or row.stays or required or row.default is not ABSENT):
        yield "`set` cannot restore what was not there: give `unset`, a `default`, `always` if AWS always has one, or `stays`"
    if row.unset and not row.set:
        yield "`unset` without `set`"
    if bool(row.add) != bool(row.remove):
        yield "`add` and `remove` undo each other: one is missing"
    for name in ("add", "remove"):
        call = getattr(row, name)
        if call and not any(hole.startswith("element") for hole in holes(dict(call.params))):
            yield f"`{name}` does not say which {{element}}"
    if row.settable and row.same in ("policy", "json") and not writer(row):
        yield "is read as a document and AWS takes text: the setter needs `kind` or `write`"


def absence_is_decided(described: ResourceType) -> Iterator[str]:
    """AWS's documentation says of every property what it means that an answer lacks it; the row repeats it."""
    known_by = (described.id, described.arn, described.name)
    for row in described.props:
        identity = placeholder(row) or (not row.call and (row.live or row.name) in known_by)
        if row.default is ABSENT and not (row.absent or row.always or identity):
            yield f"{row.name}: what does it mean that an answer lacks it? A `default`, or `absent`: not set, unknown"
        if row.default is not ABSENT and row.absent == "not set":
            yield f"{row.name}: `absent` says not set, and the default says what it is then"
        shape = schema(described.cfn).shape.get(row.name)
        for place in row.required:
            if not _stands_in(shape, place):
                yield f"{row.name}: `required` {place} is nowhere in CloudFormation's schema"


def _stands_in(shape: object, place: str) -> bool:
    for name in place.replace("[]", "").split("."):
        shape = shape[0] if isinstance(shape, list) else shape
        if not isinstance(shape, dict) or name not in shape:
            return False
        shape = shape[name]
    return True


def permissions_are_known(described: ResourceType) -> Iterator[str]:
    handlers = schema(described.cfn).permissions
    said = {action.lower() for actions in handlers.values() for action in actions}
    prefixes = {action.split(":")[0] for action in said}
    for where, call in calls(described):
        service = call.service or described.service
        real = method_names(service).get(call.operation)
        if real is None:
            continue  # calls_exist tells
        action = permission(service, call.operation)
        odd = not action.endswith(":" + api_name(service, call.operation))
        if not odd and api_name(service, call.operation) != real:
            yield f"{where}: {action} is not what AWS calls {real}: add its capitals to permissions.py"
        if prefixes and action.split(":")[0] not in prefixes:
            yield f"{where}: {action}: CloudFormation needs no action of that prefix for this type"


def files_are_named_after_types(described: ResourceType) -> Iterator[str]:
    name = f"auditor.resources.{stem(described.cfn).replace('/', '.')}"
    if importlib.util.find_spec(name) is None:
        yield f"belongs into auditor/resources/{stem(described.cfn)}.py"
    elif importlib.import_module(name).TYPE.cfn != described.cfn:
        yield f"auditor/resources/{stem(described.cfn)}.py describes another type"


def terraform_names_exist(described: ResourceType) -> Iterator[str]:
    provider = terraform_attributes()
    for name in (*described.terraform, *described.folds):
        if name.startswith("aws_") and name not in provider:
            yield f"{name} is no type of the AWS provider (or terraform.json is old: run `make schema`)"
    own = frozenset().union(*(provider.get(name, frozenset()) for name in described.terraform))
    if not own:
        return
    read_only = schema(described.cfn).read_only
    for row in described.props:
        path = re.sub(r"\[[^\]]*\]", "", row.tf or snake(row.name))
        head, _, rest = path.partition(".")
        found = path in own if head not in described.folds else not rest or rest in provider.get(head, ())
        quiet = not row.tf and (row.ours or row.name in read_only)
        if path not in ("-", "@") and not found and not quiet:
            yield f"{row.name}: {'/'.join(described.terraform)} has no {path} (`-` says that there is none)"


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


CONTRACTS: tuple[Contract, ...] = (
    known_to_cloudformation,
    sets_only_what_can_be_set,
    calls_exist,
    placeholders_stand_for_something,
    paths_start_in_the_answer,
    edges_lead_somewhere,
    rows_say_each_property_once,
    setters_can_be_undone,
    absence_is_decided,
    permissions_are_known,
    files_are_named_after_types,
    terraform_names_exist,
)
