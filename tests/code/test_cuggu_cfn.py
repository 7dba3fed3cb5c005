"""cuggu as a template: it keeps its document, and each mutation is found at its file and line."""

import datetime as dt
import shutil
from collections import Counter
from pathlib import Path

import pytest

from auditor import pipeline
from auditor.sources.cloudformation import read
from auditor.sources.code_options import CodeOptions
from auditor.sources.opened import Source
from tests.accounts.cuggu_mutations import MUTATIONS
from tests.accounts.looking import told
from tests.code import cfn_texts as texts
from tests.code.cuggu_rewrites import BY_ANOTHER, REWRITES

FOLDER = Path(__file__).parent / "cuggu_cfn"
WISH = pipeline.Wish(baselines=("cuggu",))

# What no template says; each is unknown for the reason beside it and nothing else is.
ONLY_AWS = {
    "certificate/issued": "known to AWS only",
    "topic/reaches-people": "known to AWS only",  # whether the people confirmed
    "link/cdn-certificate": "CertificateArn has no value",  # the certificate is another stack's, in another region
}


def look(folder, **parameters):
    inventory = read(folder, CodeOptions(parameters, region="ap-northeast-2"))
    source = Source(None, None, Counter(), "code")
    chosen = pipeline.definitions(WISH)
    return pipeline.conclude(WISH, chosen, source, inventory, dt.datetime.now(dt.UTC))


@pytest.fixture(scope="module")
def conforming():
    return look(FOLDER)


def test_the_template_keeps_the_document(conforming):
    assert told(each for each in conforming.findings if each.verdict == "broken") == []
    verdicts = {each.id: each for each in conforming.promises if each.verdict not in ("kept", "unverifiable")}
    assert {name: each.verdict for name, each in verdicts.items()} == dict.fromkeys(ONLY_AWS, "unknown")
    for name, why in ONLY_AWS.items():
        assert why in verdicts[name].reason
    assert {each.check for each in conforming.findings} <= {f"cuggu/{name}" for name in ONLY_AWS}


@pytest.mark.parametrize("given", [{}, {"CertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/1"}])
@pytest.mark.parametrize("folder", [FOLDER, FOLDER / "template.yaml"])
def test_a_certificate_that_is_handed_in_is_not_missing(folder, given):
    """Another stack makes it: whether it is there is not known, and telling its ARN makes nothing worse."""
    outcome = look(folder, **given)
    assert told(each for each in outcome.findings if each.verdict == "broken") == []
    verdicts = {each.id: each.verdict for each in outcome.promises}
    assert verdicts["link/cdn-certificate"] == "unknown"


WITHOUT = {
    "its log group": ("      LoggingConfig: {LogFormat: JSON, LogGroup: !Ref CleanupLogs}\n", ""),
    "a whole reference": ("SourceArn: !GetAtt CleanupSchedule.Arn",
                          'SourceArn: !Sub "arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/${CleanupSchedule}"'),
}  # fmt: skip


@pytest.mark.parametrize("written", WITHOUT)
def test_the_same_written_in_another_way_keeps_the_document_too(written, tmp_path, conforming):
    old, new = WITHOUT[written]
    text = (FOLDER / "template.yaml").read_text()
    assert old in text
    shutil.copytree(FOLDER, tmp_path / "code")
    (tmp_path / "code" / "template.yaml").write_text(text.replace(old, new))
    outcome = look(tmp_path / "code")
    said, wanted = ({each.id: each.verdict for each in ran.promises} for ran in (outcome, conforming))
    assert said == wanted


def test_a_permission_that_is_gone_beside_a_policy_of_aws_is_told(tmp_path):
    text = (FOLDER / "template.yaml").read_text()
    line = '              - {Effect: Allow, Action: s3:DeleteObject, Resource: !Sub "${ImagesBucket.Arn}/*"}\n'
    assert line in text
    (tmp_path / "template.yaml").write_text(text.replace(line, ""))
    outcome = look(tmp_path)
    assert {each.id: each.verdict for each in outcome.promises}["link/cleanup-images"] == "broken"


def test_all_rules_judge_it(conforming):
    assert conforming.record["rules"]["judged"] == len(pipeline.definitions(WISH).rules) >= 15
    assert conforming.record["rules"]["unknown"] == 0


def role_of(role):
    """The logical id of the resource that plays a role of the account's builder: `server-url` is `ServerUrl`."""
    return "".join(each.capitalize() for each in role.split("-"))


@pytest.mark.parametrize("change", REWRITES, ids=lambda each: each.name.replace(" ", "-"))
def test_a_mutation_is_caught_by_the_promise_that_catches_it_in_the_account(change, tmp_path):
    folder = tmp_path / "cuggu"
    shutil.copytree(FOLDER, folder)
    file = folder / "template.yaml"
    text = change.rewritten(file.read_text())
    file.write_text(text)
    (mutation,) = (each for each in MUTATIONS if each.name == change.name)
    check, kind = mutation.check if mutation.kind == "rule" else f"cuggu/{mutation.check}", mutation.kind
    if change.name in BY_ANOTHER:
        check, kind = f"cuggu/{BY_ANOTHER[change.name]}", "missing"
    outcome = look(folder)
    broken = [each for each in outcome.findings if each.verdict == "broken"]
    hits = [each for each in broken if (each.check, each.kind) == (check, kind)]
    assert hits, told(broken)
    if mutation.role and kind != "missing":
        start = texts.line_of(text, change.on or role_of(mutation.role))
        assert f"template.yaml:{start}" in {each.resource.place() for each in hits}, told(hits)
    if change.line:
        places = {each.resource.place(each.property) for each in hits}
        wanted = {f"template.yaml:{number}" for number, line in enumerate(text.split("\n"), 1) if change.line in line}
        assert places & wanted, (places, wanted)


def test_every_mutation_of_the_account_is_a_change_of_the_template_too():
    assert sorted(each.name for each in REWRITES) == sorted(each.name for each in MUTATIONS)
    assert set(BY_ANOTHER) <= {each.name for each in REWRITES}


POLICY = "Bucket: !Ref ImagesBucket\n"


@pytest.mark.parametrize(("bucket", "verdict"), [("!Ref Oncall", "broken"), ("!Ref CertificateArn", "unknown")])
def test_the_policy_of_a_bucket_that_the_code_does_not_name_may_be_any_buckets(bucket, verdict, tmp_path):
    """A name that is known and another than the bucket's is certainly not its own; one that is handed in may be."""
    edit = texts.put("ImagesBucketPolicy", POLICY, f"Bucket: {bucket}\n")
    (tmp_path / "template.yaml").write_text(edit((FOLDER / "template.yaml").read_text()))
    outcome = look(tmp_path)
    assert {each.id: each.verdict for each in outcome.promises}["link/image-cdn-images"] == verdict


def test_the_policy_of_a_literal_name_may_be_for_a_bucket_that_aws_names(tmp_path):
    text = (FOLDER / "template.yaml").read_text()
    for edit in (
        texts.put("ImagesBucketPolicy", POLICY, "Bucket: cuggu-images\n"),
        texts.put("ImagesBucket", '      BucketName: !If [IsProd, cuggu-images, !Sub "cuggu-images-${Stage}"]\n', ""),
    ):
        text = edit(text)
    (tmp_path / "template.yaml").write_text(text)
    outcome = look(tmp_path)
    assert {each.id: each.verdict for each in outcome.promises}["link/image-cdn-images"] != "broken"


CERTIFICATE_THERE = "arn:aws:acm:us-east-1:111122223333:certificate/1"


@pytest.mark.parametrize(
    ("named", "verdict"), [(CERTIFICATE_THERE, "unknown"), (CERTIFICATE_THERE.replace(":acm:", ":iam:"), "broken")]
)
def test_a_certificate_that_is_there_may_be_the_one_that_another_template_makes(named, verdict, tmp_path):
    """The other distribution has the parameter, so the certificate plays its part; its ARN only AWS will know."""
    shutil.copytree(FOLDER, tmp_path / "code")
    file = tmp_path / "code" / "template.yaml"
    file.write_text(texts.put("Cdn", "!Ref CertificateArn", named)(file.read_text()))
    outcome = look(tmp_path / "code")
    assert {each.id: each.verdict for each in outcome.promises}["link/cdn-certificate"] == verdict
