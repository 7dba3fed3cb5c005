"""A serverless state machine: its role, and the rules, schedules and roles of its events."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.bounded import Lined
from auditor.model import Json
from auditor.sources.cloudformation.sam.events import OF_EVENTS, rule_state, schedule
from auditor.sources.cloudformation.sam.functions import tags_of
from auditor.sources.cloudformation.sam.made import (
    Made,
    Making,
    allow,
    attribute,
    dead_letters,
    extra,
    kept,
    policy,
    resource,
    trust,
)
from auditor.sources.cloudformation.sam.roles import Policies, role

MACHINE = "AWS::StepFunctions::StateMachine"
_START = "states:StartExecution"


def machine(name: str, entry: Mapping[str, Json], making: Making) -> Made:
    given = making.properties(name)
    if "Role" not in given:
        policies = Policies()
        tracing = given.get("Tracing")
        if isinstance(tracing, dict) and tracing.get("Enabled") in (True, "true"):
            policies.attach("AWSXrayWriteOnlyAccess")
        tags = tags_of(given, "stateMachine:createdBy")
        said = role(given, f"{name}Role", trust("states.amazonaws.com"), policies, tags)
        yield f"{name}Role", extra(entry, "AWS::IAM::Role", said)
    yield name, resource(entry, MACHINE, Lined({"RoleArn": given.get("Role") or attribute(f"{name}Role")}))
    events = given.get("Events")
    for word, source in (events if isinstance(events, dict) else {}).items():
        yield from _event(name, str(word), source, entry, making)


def _event(machine_name: str, word: str, source: Json, entry: Mapping[str, Json], making: Making) -> Made:
    kind = str(source.get("Type")) if isinstance(source, dict) else ""
    found = source.get("Properties") if isinstance(source, dict) else None
    given = found if isinstance(found, dict) else {}
    name, to = f"{machine_name}{word}", {"Ref": machine_name}
    if kind == "Schedule":
        said = {"ScheduleExpression": given.get("Schedule"), **kept(given, "Name", "Description")}
        yield from _rule(name, entry, given, said, to)
    elif kind in ("EventBridgeRule", "CloudWatchEvent"):
        said = {"EventPattern": given.get("Pattern"), "Name": given.get("RuleName"), **kept(given, "EventBusName")}
        yield from _rule(name, entry, given, said, to)
    elif kind == "ScheduleV2":
        yield from schedule(entry, name, given, to, _START, "StartExecutionPolicy")
    elif kind == "Api":
        yield from _role(name, entry, "apigateway.amazonaws.com", to)
    else:
        making.miss(machine_name, f"what its event {word} ({kind[:40]}) creates is not supported", OF_EVENTS)


def _rule(name: str, entry: Mapping[str, Json], given: Mapping[str, Json], said: Mapping[str, Json], to: Json) -> Made:
    letters, queue = dead_letters(entry, name, given.get("DeadLetterConfig"), attribute(name))
    wanted = given.get("Target")
    own = wanted.get("Id") if isinstance(wanted, dict) else None
    with_role = given.get("RoleArn") or attribute(f"{name}Role")
    target = {"Arn": to, "Id": own or f"{name}StepFunctionsTarget", "RoleArn": with_role}
    target.update(kept(given, "Input", "InputPath", "InputTransformer", "RetryPolicy"))
    if letters:
        target["DeadLetterConfig"] = letters
    yield name, extra(entry, "AWS::Events::Rule", {**said, "State": rule_state(given), "Targets": [target]})
    yield from queue
    if "RoleArn" not in given:
        yield from _role(name, entry, "events.amazonaws.com", to)


def _role(name: str, entry: Mapping[str, Json], service: str, to: Json) -> Made:
    inline = [policy(f"{name}RoleStartExecutionPolicy", allow(_START, to))]
    yield (
        f"{name}Role",
        extra(entry, "AWS::IAM::Role", {"AssumeRolePolicyDocument": trust(service), "Policies": inline}),
    )
