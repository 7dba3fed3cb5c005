"""Law 1, call by call: whatever single operation is denied, nothing it hides is kept, nothing is called missing."""

from __future__ import annotations

import pytest

from auditor.cli._output import exit_code
from auditor.sandbox.drifts import DRIFTS
from tests.accounts.looking import look, of, told


@pytest.fixture(scope="module")
def drifted(cuggu):
    """An account in which many promises and rules are broken, so that a false `kept` would show."""
    with cuggu.box.clone() as box:
        copy = cuggu.on(box)
        for drift in DRIFTS:
            drift.happen(copy)
        yield copy


@pytest.fixture(scope="module")
def seen(drifted):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in drifted.box.environ().items():
            patch.setenv(name, value)
        yield look(lambda box: None, drifted.box)


def operations(outcome):
    asked = outcome.record["scan"]["requests"]["by_operation"]
    return sorted(asked.keys() - {"sts:get_caller_identity"})


def kept(outcome):
    return {f"{each.baseline}/{each.id}" for each in outcome.promises if each.verdict == "kept"}


@pytest.mark.e2e
def test_no_denied_call_gives_a_false_verdict(drifted, seen, pointed):
    """All operations in one test: each costs a clone and a check, and the list comes from the run itself."""
    wrong = {}
    for operation in operations(seen):
        service, _, method = operation.partition(":")
        with drifted.box.clone() as box:
            box.deny((service, camel(service, method)))
            outcome = look(pointed, box)
        faults = judge(outcome, seen, operation)
        if faults:
            wrong[operation] = faults
    assert not wrong, "\n".join(f"{name}: {fault}" for name, faults in wrong.items() for fault in faults)


def camel(service, method):
    import boto3

    return boto3.client(service, region_name="us-east-1").meta.method_to_api_mapping[method]


def judge(outcome, seen, operation):
    faults = []
    if kept(outcome) - kept(seen):
        faults.append(f"kept only because it was not seen: {sorted(kept(outcome) - kept(seen))}")
    invented = of(outcome).keys() - of(seen).keys()
    if invented:
        faults += told(of(outcome)[each] for each in invented)
    lost = of(seen).keys() - {each.id for each in outcome.findings}
    unknown_types = {each.resource.type for each in outcome.findings if each.verdict == "unknown"}
    hidden_types = {cfn for gap in outcome.record["coverage"]["gaps"] for cfn in gap["types"]}
    for each in lost:
        if of(seen)[each].resource.type not in unknown_types | hidden_types:
            faults.append(f"silently gone: {told([of(seen)[each]])}")
    gaps = outcome.record["coverage"]["gaps"]
    if not gaps or any(not gap["permission"] for gap in gaps) or {gap["reason"] for gap in gaps} != {"denied"}:
        faults.append(f"gaps: {gaps}")
    if exit_code(outcome.record, "never") != 3 or exit_code(outcome.record, "medium") not in (1, 3):
        faults.append("exit code")
    return faults
