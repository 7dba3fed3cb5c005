"""What the pipeline writes down is what the schema promises and the writers can tell."""

import io
import json

import pytest
from jsonschema import Draft202012Validator

from auditor import report
from auditor.findings import record
from auditor.model import ABSENT, Binding, Cite, Edge, Finding, Gap, Promise, Remedy, Resource, Step
from auditor.report.schema import schema
from tests.report import sample

GAP = Gap("1", "eu-west-1", "s3", "get_bucket_policy", "s3:GetBucketPolicy", "denied", ("AWS::S3::Bucket",), "no")
BUCKET = Resource("AWS::S3::Bucket", "b", "1", "eu-west-1", arn="arn:aws:s3:::b", name="b")
UNDO = {"service": "s3", "operation": "delete_x", "params": {"Bucket": "b"}}
STEP = Step("f", BUCKET.key, BUCKET.type, "1", "eu-west-1", "Tags", "s3", "put_x", {"Bucket": "b"}, ABSENT, ["x"],
            UNDO, "safe", ("s3:PutX",), ("c",))  # fmt: skip
FOUND = [
    Finding("r", "rule", "broken", "high", "t", BUCKET, "P", {"gte": 1}, ABSENT, "why",
            (Edge("b", "part-of", "a", "x"),), remedy=Remedy("automatic", "safe", "do", (STEP,))),
    Finding("c/db", "missing", "unknown", "low", "t", BUCKET, gaps=(GAP,), cite=Cite("2", "1-2", "말"),
            baseline="c", waiver={"reason": "x", "owner": "me", "expires": "2027-01-01"}),
]  # fmt: skip


@pytest.mark.parametrize("name", report.formats())
def test_a_record_of_the_pipeline(name: str) -> None:
    promises = [Promise("c", "db", Cite("2"), "unknown", "no", (FOUND[1].id,))]
    run = sample.run() | {
        "findings": [record.finding(each) for each in FOUND],
        "promises": [record.promise(each) for each in promises],
        "bindings": [record.binding(Binding("c", "db", BUCKET.key, 0.5))],
        "coverage": record.coverage([GAP]),
        "summary": record.summary(FOUND, promises, {"kept": 1, "broken": 1, "unknown": 0}),
    }
    Draft202012Validator(schema()).validate(run)
    report.write(name, run, io.StringIO(), report.Options(verbose=True))


@pytest.mark.parametrize("name", ["text", "html", "markdown", "sarif"])
def test_documents_about_other_accounts_are_told_wherever_a_run_is_told(name):
    """A clean run that asked for two documents and held one against the account is clean for one only."""
    told = sample.clean_run()
    told["scan"]["elsewhere"] = {"glimpse": "222222222222"}
    out = io.StringIO()
    report.write(name, told, out, report.Options())
    words = " ".join(out.getvalue().replace("\\(", "(").replace("\\)", ")").split())
    assert "Not checked: glimpse (about account 222222222222, which was not read)" in words
    if name == "sarif":
        assert json.loads(out.getvalue())["runs"][0]["properties"] == {"elsewhere": {"glimpse": "222222222222"}}


@pytest.mark.parametrize("name", ["text", "html", "markdown"])
def test_what_is_newly_checked_is_told_apart_from_what_is_new(name):
    told = sample.run()
    told["scan"]["previous"] = {"id": "x"}
    first, second, third = told["findings"][:3]
    first |= {"status": "new", "newly_checked": "rule"}
    second |= {"status": "still", "days": 12}
    third |= {"status": "new"}
    for each in told["findings"][3:]:
        each["status"] = "still"
    Draft202012Validator(schema()).validate(told)
    out = io.StringIO()
    report.write(name, told, out, report.Options(verbose=True))
    words = out.getvalue()
    assert "1 new (" in words
    assert "1 newly checked" in words
    if name != "markdown":
        assert "12 days" in words
        assert "this rule is new or asks something else now" in words
