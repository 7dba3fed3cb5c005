"""Law 1, call by call: whatever befalls a single operation, nothing it hides is kept, missing, mended or newly broken."""

from __future__ import annotations

import ast
import json
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from pathlib import Path

import botocore.exceptions
import pytest

from auditor import pipeline
from auditor.aws import session as aws
from auditor.aws.replay import Replay
from auditor.aws.requests import Failure
from auditor.cli._output import exit_code
from auditor.model import Gap, Inventory
from auditor.sandbox.drifts import DRIFTS
from auditor.sandbox.wire import Answer
from auditor.sources.live import GONE
from auditor.sources.opened import Source
from auditor.sources.snapshot import Recording
from tests.accounts.front import front
from tests.accounts.looking import BOTH, of, told
from tests.aws.answering import answering, response
from tests.aws.test_answers import FORMED, PAGE, own

ROOT = Path(__file__).parents[1]
AUDITOR = ROOT / "auditor"


@pytest.fixture(scope="module")
def drifted(cuggu):
    """An account in which many promises and rules are broken, so that a false `kept` would show."""
    with cuggu.box.clone() as box:
        copy = cuggu.on(box)
        for drift in DRIFTS:
            drift.happen(copy)
        serve_a_stray_bucket(box)
        yield copy


def serve_a_stray_bucket(box):
    """A bucket that no document names, joined to the system by the distribution alone."""
    box.session_client("s3").create_bucket(
        Bucket="stray", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"}
    )
    cloudfront = box.session_client("cloudfront", "us-east-1")
    known = cloudfront.list_distributions()["DistributionList"]["Items"][0]["Id"]
    read = cloudfront.get_distribution_config(Id=known)
    config, first = read["DistributionConfig"], read["DistributionConfig"]["Origins"]["Items"][0]
    stray = {**first, "Id": "stray", "DomainName": "stray.s3.ap-northeast-2.amazonaws.com"}
    config["Origins"]["Items"].append(stray)
    config["Origins"]["Quantity"] += 1
    cloudfront.update_distribution(Id=known, IfMatch=read["ETag"], DistributionConfig=config)


@pytest.fixture(scope="module")
def recorded(drifted):
    """What the account answers, as a source that is asked again and again."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in drifted.box.environ().items():
            patch.setenv(name, value)
        source = pipeline.open_source(BOTH, pipeline.definitions(BOTH))
        recording = Recording(source.caller, {})
        source.caller = recording
        pipeline.check(BOTH, source=source)
    source.caller = Replay(recording.kept)
    return source


@pytest.fixture(scope="module")
def seen(recorded):
    outcome = pipeline.check(BOTH, source=recorded)
    assert "stray" in {each.resource.id for each in outcome.findings if each.check == "cuggu/undeclared"}
    return outcome


@pytest.fixture(scope="module")
def wire():
    """botocore with a transport that answers as a fault does: the answer takes the whole way from its bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aws, "WAITS", (0, 0))
        patch.setattr(aws, "ATTEMPTS", 1)
        connection = answering(None, "ap-northeast-2")
        yield connection


def refusal(code, status, message="no"):
    def answer(operation):
        kind, _ = own(operation)
        if kind == "application/json":
            return response(
                status, json.dumps({"__type": code, "message": message}).encode(), kind, x_amzn_errortype=code
            )
        inner = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        around = {"ec2": f"<Response><Errors>{inner}</Errors></Response>", "s3": inner}
        return response(status, around.get(operation.service_model.service_name, f"<E>{inner}</E>").encode(), kind)

    return answer


def damaged(make):
    def answer(operation):
        kind, whole = own(operation)
        body, kind = make(kind, whole)
        return response(200, body, kind)

    return answer


def slow(operation):
    raise botocore.exceptions.ReadTimeoutError(endpoint_url="https://x")


def refused(operation):
    raise botocore.exceptions.EndpointConnectionError(endpoint_url="https://x", error=ConnectionRefusedError(111, "x"))


def no_object(kind, whole):
    """Well-formed, and no answer: a list in JSON, another root in XML."""
    return (b"[]" if kind == "application/json" else b"<other/>"), kind


BY_ORGANIZATION = "not authorized to perform this action with an explicit deny in a service control policy"


# What happens to the operation, and the reason that the gap gives.
FAULTS = {
    "denied": (refusal("AccessDenied", 403), "denied"),
    "cut": (damaged(lambda kind, whole: (whole[: len(whole) * 2 // 3], kind)), "unavailable"),
    "empty": (damaged(lambda kind, whole: (b"", kind)), "unavailable"),
    "HTML": (damaged(lambda kind, whole: (PAGE, "text/html")), "unavailable"),
    "HTML, well-formed, under the service's type": (damaged(lambda kind, whole: (FORMED, kind)), "unavailable"),
    "no object": (damaged(no_object), "unavailable"),
    "slow": (slow, "unavailable"),
    "refused": (refused, "unavailable"),
    "a page with 502": (lambda operation: response(502, PAGE, "text/html"), "unavailable"),
    "throttled": (refusal("ThrottlingException", 400), "throttled"),
    "denied by an organization": (refusal("AccessDeniedException", 403, BY_ORGANIZATION), "denied-by-organization"),
    "expired": (refusal("ExpiredToken", 400), "credentials"),
    "gone": (refusal("ThingNotFoundFault", 404), "failed"),
}


class Faulty:
    """The recorded account, but for one operation, which goes over the wire."""

    def __init__(self, recorded, wire, service, operation, fault):
        self.recorded, self.wire, self.of, self.fault = recorded, wire, (service, operation), fault

    def ask(self, requests):
        mine = {each for each in requests if (each.service, each.operation) == self.of}
        replies = self.recorded.caller.ask(set(requests) - mine)
        if mine:
            client = self.wire.client(self.of[0], self.wire.region)
            model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[self.of[1]])
            self.wire.answer = lambda *_: self.fault(model)
            replies |= self.wire.ask(mine)
        return replies


def operations(recorded):
    return sorted({(each.service, each.operation) for each in recorded.caller.replies})


# Of faults that become a failure for the same reason nothing further is known: the first stands for all.
FIRST = {reason: fault for fault, reason in reversed(FAULTS.values())}


@pytest.mark.contract
@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_of_every_operation_is_a_failure_with_its_reason(recorded, wire, name):
    fault, reason = FAULTS[name]
    asked = {}
    for each in recorded.caller.replies:
        asked.setdefault((each.service, each.operation), each)
    wrong = []
    for (service, operation), request in sorted(asked.items()):
        (reply,) = Faulty(recorded, wire, service, operation, fault).ask([request]).values()
        if (
            not isinstance(reply, Failure)
            or reply.reason != reason
            or bool(GONE.search(reply.code)) != (name == "gone")
        ):
            wrong.append(f"{service}:{operation}: {reply}")
    assert not wrong, "\n".join(wrong)


# For these reasons every operation is judged; for each of the others one in so many, always the same ones, and each
# reason others. That the rest comes to the same verdicts follows from the two tests below.
WHOLE = ("denied", "failed")
STRIDE = 4


@pytest.mark.e2e
@pytest.mark.parametrize("reason", FIRST)
def test_no_fault_of_an_operation_gives_a_false_verdict(recorded, seen, wire, reason, monkeypatch):
    """All operations in one test: the list comes from the run itself."""
    chosen = pipeline.definitions(BOTH)
    monkeypatch.setattr(pipeline, "definitions", lambda wish: chosen)
    wrong = []
    every = operations(recorded)
    some = every if reason in WHOLE else every[list(FIRST).index(reason) % STRIDE :: STRIDE]
    for service, operation in some:
        faulty = Faulty(recorded, wire, service, operation, FIRST[reason])
        source = Source(faulty, recorded.place, recorded.counted, "live")
        outcome = pipeline.check(BOTH, previous=lambda scan: seen.record, source=source)
        wrong += [f"{service}:{operation}: {found}" for found in judge(outcome, seen, reason)]
    assert not wrong, "\n".join(wrong)


def test_why_an_operation_failed_changes_the_words_of_gaps_and_nothing_else_that_is_read(recorded, wire, monkeypatch):
    """Of every operation and every reason; what then is judged is the same but for those words."""
    chosen = pipeline.definitions(BOTH)
    monkeypatch.setattr(pipeline, "definitions", lambda wish: chosen)
    monkeypatch.setattr(pipeline, "conclude", lambda wish, chosen, source, inventory, *others: OnlyRead(inventory))
    differing = []
    for service, operation in operations(recorded):
        read = {}
        for reason in (WHOLE[0], *(each for each in FIRST if each not in WHOLE)):
            faulty = Faulty(recorded, wire, service, operation, FIRST[reason])
            outcome = pipeline.check(BOTH, source=Source(faulty, recorded.place, recorded.counted, "live"))
            read[reason] = wordless(outcome.inventory, reason)
        differing += [f"{service}:{operation}: {each}" for each in read if read[each] != read[WHOLE[0]]]
    assert not differing


@dataclass
class OnlyRead:
    """What a check comes to where nothing is judged."""

    inventory: Inventory
    inventories: object = None


def wordless(value, reason):
    """Values all the way down, without what gaps say of the reason, which must be the one given."""
    if isinstance(value, Gap) and value.reason == "unsaid":
        return value  # what the SDK in use cannot show hangs on no fault
    if isinstance(value, Gap):
        assert value.reason == reason
        return replace(value, reason=WHOLE[0], message="")
    if is_dataclass(value):
        return {each.name: wordless(getattr(value, each.name), reason) for each in fields(value)}
    if isinstance(value, dict):
        return {key: wordless(inner, reason) for key, inner in value.items()}
    return [wordless(inner, reason) for inner in value] if isinstance(value, list | tuple) else value


# What judging asks of the reason of a gap: whether it is one of code, which no fault of an operation is.
ASKED = {"graph/network/ground/owners.py": 'value.gap.reason == "unresolved"'}


def test_judging_asks_nothing_of_a_reason_that_a_fault_may_have():
    """So that the same gaps with another reason come to the same verdicts."""
    found = {}
    for path in sorted(AUDITOR.rglob("*.py")):
        name = path.relative_to(AUDITOR).as_posix()
        if name.startswith(("graph/", "checks/", "model/seen.py", "model/marks.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Compare) and "reason" in reads(node):
                    found[name] = ast.unparse(node)
    assert {name: text.replace("'", '"') for name, text in found.items()} == ASKED


def reads(node):
    """The attributes that an expression reads."""
    return {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}


def kept(outcome):
    return {f"{each.baseline}/{each.id}" for each in outcome.promises if each.verdict == "kept"}


def judge(outcome, seen, reason):
    faults = []
    if kept(outcome) - kept(seen):
        faults.append(f"kept only because it was not seen: {sorted(kept(outcome) - kept(seen))}")
    # What was told in another finding, a rule's within the promise's, is no new fact where it stands by itself.
    known_before = {known for each in of(seen).values() for known in each.ids}
    faults += told(each for each in of(outcome).values() if not known_before & {*each.ids})
    record = outcome.record
    faults += [f"mended: {each['title']}" for each in record["mended"]]
    still = {each["id"] for each in (*record["findings"], *record["carried"])}
    faults += [f"silently gone: {each.title}" for known, each in of(seen).items() if known not in still]
    faults += [f"new: {each['title']}" for each in record["findings"] if each["status"] == "new" and not_unknown(each)]
    # No verdict rests on what else stands in the account, so the run is whole without, and says so in that place.
    beside = record["scan"]["not_looked_at"]["gaps"]
    gaps = record["coverage"]["gaps"] or beside
    if not gaps or any(not gap["permission"] for gap in gaps) or {gap["reason"] for gap in gaps} != {reason}:
        faults.append(f"gaps: {gaps}")
    if any(gap["cure"] == "" for gap in gaps) != (reason == "failed"):
        faults.append(f"cures: {gaps}")
    if any(each["permissions"] for each in record["findings"]) and reason != "denied":
        faults.append("an IAM action is to cure what no IAM action cures")
    if (
        exit_code(record, "never") != (0 if beside else 3)
        or exit_code(record, "medium") not in (1, 3)
        or outcome.defects
    ):
        faults.append(f"exit code; {outcome.defects}")
    return faults


def not_unknown(finding):
    return finding["verdict"] != "unknown"


# The same over HTTP and by the program itself, for a few.
THROUGH = {
    "cut": (
        "logs",
        "DescribeLogGroups",
        lambda honest: Answer(200, honest.body[: len(honest.body) // 2], honest.headers),
    ),
    "HTML": ("ec2", "DescribeSecurityGroups", lambda honest: Answer(200, PAGE, (("Content-Type", "text/html"),))),
    "a page with 502": ("kms", "ListKeys", lambda honest: Answer(502, PAGE, (("Content-Type", "text/html"),))),
}


def program(box_environ, folder, *words):
    environ = {**box_environ, "XDG_STATE_HOME": str(folder), "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "auditor", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ,
        text=True,
        # Whoever starts the tests in the background has Ctrl-C switched off, and children inherit that.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.default_int_handler),
    )


@pytest.mark.e2e
def test_the_program_tells_a_damaged_answer_and_mends_nothing(drifted, tmp_path):
    check = ("check", "--baseline", "cuggu", "--format", "json")
    with front(drifted.box) as between:
        whole, _ = program(between.environ(), tmp_path, *check).communicate(timeout=120)
        before = {each["id"] for each in json.loads(whole)["findings"]}
        for name, (service, operation, fault) in THROUGH.items():
            between.faults = {(service, operation): fault}
            running = program(between.environ(), tmp_path, *check)
            out, err = running.communicate(timeout=120)
            run = json.loads(out)
            assert "Traceback" not in err, name
            assert running.returncode in (1, 3), name
            assert run["mended"] == [], name
            assert [gap["reason"] for gap in run["coverage"]["gaps"]] == ["unavailable"], name
            assert before <= {each["id"] for each in (*run["findings"], *run["carried"])}, name


@pytest.mark.e2e
def test_an_interruption_waits_for_no_answer(drifted, tmp_path):
    asked, over = threading.Event(), threading.Event()

    def hang(honest):
        asked.set()
        over.wait(300)
        return honest

    with front(drifted.box) as between:
        between.faults = {("s3", "ListBuckets"): hang, ("ec2", "DescribeVpcs"): hang}
        running = program(between.environ(), tmp_path, "scan", "-o", str(tmp_path / "inventory"))
        try:
            assert asked.wait(60)
            running.send_signal(signal.SIGINT)
            # Without it the reading would time out after 30 seconds, five times over; a busy machine takes its time.
            _, err = running.communicate(timeout=100)
        finally:
            over.set()
            running.kill()
        assert running.returncode == 130
        assert "Traceback" not in err
        assert not (tmp_path / "inventory").exists()
