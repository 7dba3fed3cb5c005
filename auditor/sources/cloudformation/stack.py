"""One stack: a template with its parameters, in which names get their meaning.

Everything is worked out when it is asked for and once; what leads back to itself is a reference or unresolved, never a
loop. Only scalars are passed on by name, so that shared values cannot grow without end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from auditor.bounded import Lined
from auditor.model import Choice, Json
from auditor.resources.schema import schema
from auditor.sources.cloudformation.around import Surroundings
from auditor.sources.cloudformation.intrinsics import expanded, truth, value
from auditor.sources.cloudformation.load import LOGICAL, Template
from auditor.sources.cloudformation.scope import Budget, Referring
from auditor.sources.cloudformation.texts import Unresolved, compared, passed_on
from auditor.sources.code_options import BadCode

NESTED = "AWS::CloudFormation::Stack"
MACROS_READ = ("AWS::LanguageExtensions", "AWS::Serverless-2016-10-31")

_HOSTS = {
    "DomainName": "{}.s3.amazonaws.com",
    "RegionalDomainName": "{}.s3.{region}.amazonaws.com",
    "DualStackDomainName": "{}.s3.dualstack.{region}.amazonaws.com",
    "Arn": "arn:{partition}:s3:::{}",
}


class Outside(Protocol):
    """What a stack asks of everything around it: the tree of files that it stands in."""

    @property
    def budget(self) -> Budget: ...
    @property
    def parameters(self) -> Mapping[str, str]: ...

    def exported(self, name: str) -> Json: ...
    def nested(self, outer: Stack, name: str) -> Stack | Unresolved: ...
    def holds(self, choice: Choice) -> bool: ...
    def included(self, stack: Stack, where: Json) -> Json: ...
    def transform(self, stack: Stack, resources: Lined) -> Lined: ...
    def gap(self, stack: Stack, line: int, message: str, types: tuple[str, ...] | None = None) -> None: ...


@dataclass(slots=True)
class Declared:
    """A resource that a stack makes. `properties` may hold `Unresolved` anywhere, also in place of all of them.

    `doubt` tells why it may not be made at all.
    """

    stack: Stack
    logical: str
    type: str
    properties: Json
    entry: Lined
    line: int
    doubt: str = ""

    @property
    def address(self) -> str:
        return f"{self.stack.name}/{self.logical}"


@dataclass(slots=True)
class Stack:
    """`name` begins the addresses of its resources. `given` are the values of its parameters."""

    outside: Outside
    template: Template
    name: str
    around: Surroundings
    given: Mapping[str, Json] = field(default_factory=dict)
    above: tuple[str, ...] = ()
    resources: Lined = field(default_factory=Lined)
    macro: str = ""
    _line: int = 1
    _known: dict[tuple[str, ...], Json] = field(default_factory=dict)
    _working: set[tuple[str, ...]] = field(default_factory=set)
    _nested: dict[str, Stack | Unresolved] = field(default_factory=dict)
    _sections: dict[str, Mapping[str, Json]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.macro = self._foreign_macro()
        found = Lined(self.template.section("Resources"))
        transformed = self.outside.transform(self, found) if self._uses("AWS::Serverless-2016-10-31") else found
        made = expanded(transformed, self)
        self.resources = made if isinstance(made, Lined) else Lined(made)
        self._check()

    @property
    def budget(self) -> Budget:
        return self.outside.budget

    def section(self, name: str) -> Mapping[str, Json]:
        """A section of the template with its loops written out."""
        if name not in self._sections:
            self._sections[name] = self.template.section(name)  # meanwhile: a loop may ask for what it stands in
            self._sections[name] = expanded(self._sections[name], self)
        return self._sections[name]

    # ---- names

    def ref(self, name: str) -> Json:
        pseudo = self.around.pseudo(name)
        if pseudo is not None:
            return self.outside.parameters.get(name, pseudo)
        if name in self.template.section("Parameters"):
            if self._definition(name).get("NoEcho") in (True, "true"):
                return Unresolved(f"the parameter {name} is a secret (NoEcho)")
            return self.parameter(name)
        return self._reference(name, "")

    def _compared(self, name: str) -> Json:
        """What a name stands for in a condition, which may compare a secret parameter; nothing else may show it."""
        if self.around.pseudo(name) is None and name in self.template.section("Parameters"):
            return self.parameter(name)
        return self.ref(name)

    def attribute(self, name: str, attribute: str) -> Json:
        entry = self.resources.get(name)
        if isinstance(entry, Lined) and entry.get("Type") == NESTED and attribute.startswith("Outputs."):
            nested = self.nested(name)
            return nested if isinstance(nested, Unresolved) else nested.output(attribute.removeprefix("Outputs."))
        return self._reference(name, attribute)

    def looked_up(self, table: str, first: str, second: str) -> Json:
        rows = self.template.section("Mappings").get(table)
        row = rows.get(first) if isinstance(rows, dict) else None
        found = row.get(second) if isinstance(row, dict) else None
        if isinstance(found, (str, int, float, list)):
            return found if not isinstance(found, list) else [each for each in found if not isinstance(each, dict)]
        return Unresolved(f"the mapping {table[:80]} has no value at {first[:80]}, {second[:80]}")

    def condition(self, name: str) -> bool | Unresolved:
        conditions = self.section("Conditions")
        if name not in conditions:
            return Unresolved(f"there is no condition {name[:80]}")
        found = self._once(("condition", name), lambda: self._decided(name, conditions))
        if found is None:
            return Unresolved(f"the condition {name} refers to itself")
        return found if isinstance(found, (bool, Unresolved)) else Unresolved(f"{name} is not a condition")

    def _decided(self, name: str, conditions: Mapping[str, Json]) -> bool | Unresolved:
        lines = conditions.lines if isinstance(conditions, Lined) else {}
        around, self._line = self._line, lines.get(name, 1)
        found = truth(conditions[name], Referring(self, self._compared))
        self._line = around
        return found

    def either(self, left: Json, right: Json, words: str) -> bool:
        return self.outside.holds(compared(left, right, words, f"{self.template.name}:{self._line}"))

    def imported(self, name: str) -> Json:
        return self.outside.exported(name)

    def included(self, where: Json) -> Json:
        return self.outside.included(self, where)

    def output(self, name: str) -> Json:
        outputs = self.section("Outputs")
        entry = outputs.get(name)
        if not isinstance(entry, dict) or "Value" not in entry:
            return Unresolved(f"{self.template.name} has no output {name[:80]}")
        found = self._once(("output", name), lambda: passed_on(value(entry["Value"], self)))
        return Unresolved(f"the output {name} refers to itself") if found is None else found

    def parameter(self, name: str) -> Json:
        """The value of a parameter, secret or not: given, or its default."""
        definition = self._definition(name)
        kind = str(definition.get("Type", "String"))
        if kind.startswith("AWS::SSM::Parameter::Value<"):
            return Unresolved(f"the parameter {name} is read from Parameter Store at deployment")
        found = self.given.get(name, definition.get("Default"))
        if found is None:
            return Unresolved(f"the parameter {name} has no value; set one with --parameter {name}=...")
        if isinstance(found, (Unresolved, list)):
            return found
        text = str(found).lower() if isinstance(found, bool) else str(found)
        if kind == "CommaDelimitedList" or kind.startswith("List<"):
            return [each.strip() for each in text.split(",")] if text else []
        return text

    def _definition(self, name: str) -> Mapping[str, Json]:
        found = self.template.section("Parameters").get(name)
        return found if isinstance(found, dict) else {}

    # ---- resources

    def declared(self) -> Iterator[Declared]:
        """What the stack makes, nested stacks aside, in the order of the template."""
        for name, entry in self.resources.items():
            doubt = ""
            if isinstance(entry.get("Condition"), str):
                made = self.condition(entry["Condition"])
                if made is False:
                    continue
                if isinstance(made, Unresolved):
                    doubt = f"whether it is created depends on the condition {entry['Condition']}: {made.reason}"
            line = self.resources.lines.get(name, 1)
            given = {"Fn::Transform": self.macro} if self.macro else entry.get("Properties") or {}
            yield Declared(self, name, entry["Type"], value(given, self), entry, line, doubt)

    def nested(self, name: str) -> Stack | Unresolved:
        """The stack that a nested stack's resource makes."""
        if name not in self._nested:
            self._nested[name] = Unresolved(f"the nested stack {name} refers to itself")
            self._nested[name] = self.outside.nested(self, name)
        return self._nested[name]

    def children(self) -> Iterator[Stack]:
        for name, entry in self.resources.items():
            if entry["Type"] == NESTED and self.condition_of(name) is not False:
                found = self.nested(name)
                if isinstance(found, Stack):
                    yield found

    def condition_of(self, name: str) -> bool | Unresolved:
        given = self.resources[name].get("Condition")
        return self.condition(given) if isinstance(given, str) else True

    def literal(self, name: str, attribute: str) -> Json:
        """What a reference means where the template itself says it: a given name, a given property. Else None."""
        entry = self.resources[name]
        described = schema(entry["Type"])
        properties = entry.get("Properties") or {}
        if entry["Type"] == "AWS::S3::Bucket" and attribute in _HOSTS:
            bucket, region = self.literal(name, ""), self.around.region
            if isinstance(bucket, str) and (region or "{region}" not in _HOSTS[attribute]):
                return _HOSTS[attribute].format(bucket, region=region, partition=self.around.partition)
            return None
        wanted = attribute or (described.identifier[0] if len(described.identifier) == 1 else "")
        if wanted not in described.properties or described.fixed(wanted) or wanted not in properties or self.macro:
            return None
        found = self._once(("literal", name, wanted), lambda: passed_on(value(properties[wanted], self)))
        return found if isinstance(found, (str, int, float, bool)) else None

    def _reference(self, name: str, attribute: str) -> Json:
        if name not in self.resources:
            return Unresolved(f"{name[:80]} is neither a parameter nor a resource of {self.template.name}")
        if self.condition_of(name) is False:
            return Unresolved(f"{name} is not created under the conditions of this template")
        found = self.literal(name, attribute)
        if found is not None:
            return found
        return "${" + f"{self.name}/{name}" + (f".{attribute}" if attribute else "") + "}"

    def _once(self, key: tuple[str, ...], work: Callable[[], Json]) -> Json:
        """The result of some work, done once; None when it leads back to itself."""
        if key in self._known:
            return self._known[key]
        if key in self._working or len(self._working) > 100:
            return None
        self._working.add(key)
        try:
            self._known[key] = work()
        finally:
            self._working.discard(key)
        return self._known[key]

    # ---- the template as a whole

    def _transforms(self) -> list[str]:
        given = self.template.body.get("Transform")
        many = given if isinstance(given, list) else [given] if given else []
        return [str(each.get("Name")) if isinstance(each, dict) else str(each) for each in many]

    def _uses(self, macro: str) -> bool:
        return macro in self._transforms()

    def _foreign_macro(self) -> str:
        body = self.template.body
        foreign = [each for each in self._transforms() if each not in MACROS_READ]
        inside = ["Fn::Transform"] if "Fn::Transform" in body or "Fn::Transform" in body.get("Resources", {}) else []
        return ", ".join([*foreign, *inside])[:200]

    def _check(self) -> None:
        """What loops and transforms made must be resources as well; what they left is named."""
        for name, entry in list(self.resources.items()):
            if name.startswith("Fn::"):
                self.outside.gap(self, self.resources.lines.get(name, 1), f"only AWS can evaluate {name}")
                del self.resources[name]
            elif not (LOGICAL.fullmatch(name) and isinstance(entry, dict) and isinstance(entry.get("Type"), str)):
                at = f"{self.template.name}:{self.resources.lines.get(name, 1)}"
                raise BadCode(f"{at}: the loop creates {name[:80]!r}, which is not a resource; fix its name or Type")
            elif not isinstance(entry, Lined):
                self.resources[name] = Lined(entry)
        if self.macro:
            line = self.template.body.lines.get("Transform", 1)
            self.outside.gap(self, line, f"only AWS can run {self.macro}, which may rewrite the whole template")
