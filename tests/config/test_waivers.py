"""Findings of an account that are accepted for a time, or by the document itself; and the file in which they stand."""

from __future__ import annotations

import datetime as dt
import json
import re

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.checks.baselines import known, load_baseline
from auditor.checks.rules import load_rules
from auditor.checks.waivers import Accepted
from auditor.checks.waiving import HEAD, waived
from auditor.checks.yaml import DefinitionError
from auditor.report.schema import schema
from auditor.settings import replace_text
from tests.accounts.pingvas_mutations import distribution, unsigned

TODAY = dt.datetime.now(dt.UTC).date()
SOON, LATER, PAST, FAR = (str(TODAY + dt.timedelta(days=each)) for each in (10, 200, -1, 400))
ROW = Accepted(
    check="logs-kept",
    resource="/aws/lambda/x",
    reason="no duty to keep",
    owner="team-web",
    until=str(TODAY + dt.timedelta(days=33)),
)


# ---- the file, edited


FORMS = {
    "none yet": None,
    "comments only": "# ours\n",
    "empty list": "# ours\nwaivers: []  # nothing yet\n",
    "block": "# ours\nwaivers:\n  # moves in May\n  - check: a\n    resource: b\n    reason: moves in May  # see 12\n    owner: me\n    until: {later}\n\n# the end\n",
    "not indented": "waivers:\n- check: a\n  resource: b\n  reason: >-\n    moves\n    in May\n  owner: me\n  until: {later}\n",
    "flow": "waivers:\n  - {{check: a, resource: b, reason: 'it''s May', owner: me, until: {later}}}\n  # the end",
    "no newline": "waivers:\n  - {{check: a, resource: b, reason: May, owner: me, until: {later}}}",
}


@pytest.mark.parametrize("form", FORMS)
def test_one_entry_more_and_every_other_line_as_it_was(tmp_path, form):
    file = tmp_path / "waivers.yaml"
    before = (FORMS[form] or "").format(later=LATER)
    if FORMS[form] is not None:
        file.write_text(before, encoding="utf-8")
    text, renewed = waived(file, ROW, TODAY)
    assert not renewed
    rows = (yaml.safe_load(before or HEAD) or {}).get("waivers") or []
    said = yaml.load(text, Loader=yaml.BaseLoader)["waivers"]
    assert len(said) == len(rows) + 1
    assert said[-1] == ROW.model_dump()
    kept = [each for each in before.splitlines() if "[]" not in each]
    assert [each for each in text.splitlines() if each in kept] == kept


@pytest.mark.parametrize("form", ["block", "not indented", "flow", "no newline"])
def test_the_same_check_of_the_same_resource_is_renewed(tmp_path, form):
    file = tmp_path / "waivers.yaml"
    before = FORMS[form].format(later=SOON)
    file.write_text(before, encoding="utf-8")
    again = Accepted(check="a", resource="b", reason="moves in June", owner="you: me", until=LATER)
    if form == "not indented":  # a reason over several lines is a person's to edit
        with pytest.raises(DefinitionError, match="put this in:\n  - check: a"):
            waived(file, again, TODAY)
        return
    text, renewed = waived(file, again, TODAY)
    assert renewed
    assert yaml.load(text, Loader=yaml.BaseLoader)["waivers"] == [again.model_dump()]
    assert [each for each in before.splitlines() if "#" in each and "reason" not in each] == [
        each for each in text.splitlines() if "#" in each and "reason" not in each
    ]
    assert ("# see 12" in text) is (form == "block")


WORD = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=20)
SAID = st.builds(lambda words: " ".join(" ".join(words).split()), st.lists(WORD, min_size=1, max_size=3)).filter(
    lambda text: len(text) >= 3
)


@given(reasons=st.lists(SAID, min_size=1, max_size=4), owner=SAID)
def test_whatever_is_said_is_read_again_as_it_was_said(tmp_path_factory, reasons, owner):
    file = tmp_path_factory.mktemp("said") / "waivers.yaml"
    rows = [
        Accepted(check=f"c{at}", resource="r", reason=each, owner=owner, until=LATER) for at, each in enumerate(reasons)
    ]
    for row in rows:
        text, _ = waived(file, row, TODAY)
        file.write_text(text, encoding="utf-8")
    assert yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["waivers"] == [
        each.model_dump() for each in rows
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("logs-kept", "--resource", "x", "--until", FAR), "is more than a year away"),
        (("logs-kept", "--resource", "x", "--until", PAST), "is past"),
        (("logs-kept", "--resource", "x", "--until", "May"), "is no date; write it like"),
        (("logs-kept", "--resource", "x*", "--until", LATER), "stands for a whole segment"),
        (("logs-kpet", "--resource", "x", "--until", LATER), "unknown rule `logs-kpet`; did you mean `logs-kept`?"),
        (("cuggu/databse", "--resource", "x", "--until", LATER), "has no promise `databse`; did you mean `database`?"),
        (("logs-kept", "--until", LATER), "name the resource with --resource"),
        (("0123456789abcdef", "--until", LATER), "there is no saved run"),
    ],
)
def test_what_excuses_nothing_is_refused(auditor, tmp_path, words, said):
    ran = auditor("waive", *words, "--reason", "moves in May", "--owner", "team-web")
    assert ran.code == 2
    assert said in ran.err
    assert not (tmp_path / "waivers.yaml").exists()


def test_a_document_is_proposed_to_say_what_the_account_has(auditor):
    words = ("--resource", "x", "--until", "90d", "--reason", "moves in May", "--owner", "team-web", "--propose")
    ran = auditor("waive", "logs-kept", *words)
    assert ran.code == 0, ran.err
    proposed = yaml.safe_load(ran.out.partition("# a proposed change")[2].partition("\n")[2])
    assert proposed["exceptions"][0]["rule"] == "logs-kept"
    ran = auditor("waive", "cuggu/database/private", *words)
    assert "# a proposed change of baselines/cuggu.yaml\nroles:\n  database:\n" in ran.out


# ---- an account


def check(auditor, box, *words):
    ran = auditor("check", "--baseline", "cuggu", "--format", "json", *words, box=box)
    assert ran.code in (0, 1, 3), ran.err
    run = json.loads(ran.out)
    jsonschema.validate(run, schema())
    return ran.code, run


def public(account):
    account.client("rds").modify_db_instance(
        DBInstanceIdentifier=account["database"], PubliclyAccessible=True, ApplyImmediately=True
    )


@pytest.mark.e2e
def test_a_waiver_from_the_finding_to_its_end(auditor, copy_of_cuggu, tmp_path):
    box, file = copy_of_cuggu.box, tmp_path / "waivers.yaml"
    public(copy_of_cuggu)
    code, run = check(auditor, box)
    (found,) = run["findings"]
    assert (code, run["summary"]["waived"]) == (1, 0)
    assert "exceptions" not in run
    # A promise and a rule of one fact: both are accepted, or the finding stays.
    said = ("--reason", "moves in May", "--owner", "team-web")
    ran = auditor("waive", found["id"][:8], "--until", LATER, *said)
    assert ran.code == 0, ran.err
    assert ran.out.count("added in waivers.yaml") == 1 + len(found["also"]) == 2
    (tmp_path / "auditor.yaml").write_text("waivers: waivers.yaml\nbaselines: [cuggu]\n", encoding="utf-8")

    code, run = check(auditor, box)
    assert code == 0
    assert [each["waiver"]["owner"] for each in run["findings"]] == ["team-web"]
    assert (run["summary"]["broken"], run["summary"]["waived"]) == (0, 1)
    assert sum(run["summary"]["by_severity"].values()) == 0
    assert len(run["exceptions"]["applied"]) == 1
    assert not run["exceptions"]["ending"] + run["exceptions"]["ended"] + run["exceptions"]["unused"]
    told = auditor("check", "--format", "text", "--format", "html=r.html", "--format", "markdown=r.md",
                   "--format", "sarif=r.sarif", box=box)  # fmt: skip
    assert "is what cuggu describes, but for 1 accepted finding." in told.out
    assert f"until {LATER}: moves in May, team-web (waivers.yaml:3)" in " ".join(told.out.split())
    assert "moves in May" in (tmp_path / "r.html").read_text()
    assert "moves in May" in (tmp_path / "r.md").read_text()
    (result,) = json.loads((tmp_path / "r.sarif").read_text())["runs"][0]["results"]
    assert result["suppressions"][0]["justification"] == "moves in May"
    planned = auditor("plan", box=box)
    assert "Nothing can be fixed automatically." in planned.out
    assert "1 accepted finding is left out" in planned.out
    named = auditor("plan", "--finding", found["id"][:8], box=box)
    assert named.code == 2
    assert f"is accepted until {LATER} by waivers.yaml:3 (moves in May)" in named.err

    def rewritten(old, new):
        file.write_text(file.read_text().replace(old, new))
        return check(auditor, box)

    code, run = rewritten(LATER, SOON)
    assert code == 0
    assert all(f"ends on {SOON}" in each for each in run["exceptions"]["ending"])
    assert len(run["exceptions"]["ending"]) == 2

    code, run = rewritten(SOON, PAST)
    assert (code, run["summary"]["broken"]) == (1, 1)
    assert len(run["exceptions"]["ended"]) == 2
    assert all(each.endswith(f"ended on {PAST}; the finding is back") for each in run["exceptions"]["ended"])

    code, run = rewritten("check: database-not-public", "check: logs-kept")
    assert (code, len(run["findings"])) == (1, 1)  # one judgement of the fact is still not accepted


@pytest.mark.e2e
def test_only_a_run_that_looked_calls_a_waiver_idle(auditor, copy_of_cuggu, tmp_path):
    box = copy_of_cuggu.box
    row = {"check": "logs-kept", "resource": "gone", "reason": "was here", "owner": "me", "until": LATER}
    (tmp_path / "w.yaml").write_text(yaml.safe_dump({"waivers": [row]}), encoding="utf-8")
    _, run = check(auditor, box, "--waivers", "w.yaml")
    assert [re.sub(r"^w.yaml:\d+: ", "", each) for each in run["exceptions"]["unused"]] == [
        "the exception for logs-kept of gone excuses no finding; remove it"
    ]
    _, run = check(auditor, box, "--waivers", "w.yaml", "--no-rules")
    assert "exceptions" not in run
    box.deny(("logs", "DescribeLogGroups"))
    code, run = check(auditor, box, "--waivers", "w.yaml")
    assert code == 3
    assert "exceptions" not in run


@pytest.mark.e2e
def test_a_broken_file_is_refused_before_anything_is_read(auditor, tmp_path):
    (tmp_path / "w.yaml").write_text("waivers: [{check: a}]\n", encoding="utf-8")
    ran = auditor("check", "--waivers", "w.yaml")
    assert ran.code == 2
    assert "w.yaml:1:11: waivers[0].owner: is required: who answers for it; add it" in ran.err


def test_a_link_to_the_file_stays_one(tmp_path):
    file, link = tmp_path / "shared.yaml", tmp_path / "waivers.yaml"
    file.write_text(HEAD, encoding="utf-8")
    link.symlink_to(file)
    replace_text(link, waived(link, ROW, TODAY)[0])
    assert link.is_symlink()
    assert ROW.resource in file.read_text(encoding="utf-8")


# ---- what the document itself excepts


def test_exceptions_of_documents_name_rules_that_there_are():
    rules = {each.id: each for each in load_rules()}
    for name in known():
        for each in load_baseline(name).exceptions:
            assert set(rules[each.rule].on) & set(load_baseline(name).roles[each.role].types)


@pytest.mark.parametrize(
    ("field", "said"),
    [({"role": "functon-logs"}, "did you mean `function-logs`?"), ({"instead": "kpt"}, "did you mean `kept`?")],
)
def test_an_exception_that_means_nothing_is_refused(tmp_path, field, said):
    text = known()["dualtetrax"].read_text(encoding="utf-8")
    entry = "rule: logs-kept, role: function-logs, instead: kept"
    name, wrong = next(iter(field.items()))
    mistaken = re.sub(rf"{name}: [a-z-]+", f"{name}: {wrong}", entry)
    (tmp_path / "mine.yaml").write_text(text.replace(entry, mistaken), encoding="utf-8")
    with pytest.raises(DefinitionError, match=re.escape(said)):
        load_baseline(str(tmp_path / "mine.yaml"))


def excepted(ran):
    run = json.loads(ran.out)
    jsonschema.validate(run, schema())
    return {
        each["check"]: each["waiver"].get("document", {}).get("section") for each in run["findings"] if each["waiver"]
    }, run


@pytest.mark.e2e
def test_seven_days_of_logs_in_dev_are_the_document_s_own_and_rights_for_the_first_set_up_are_not(auditor, dualtetrax):
    with dualtetrax.box.clone() as box:
        account = dualtetrax.on(box)
        account.client("iam").attach_user_policy(
            UserName=account["deployer"], PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
        )
        words = ("--format", "json", "--no-store", "--rule", "logs-kept", "--rule", "no-administrator-policies")
        dev, run = excepted(auditor("check", "--baseline", "dualtetrax:dev", *words, box=box))
        assert dev == {"logs-kept": "7"}
        left = {(each["check"], each["resource"]["name"]) for each in run["findings"] if not each["waiver"]}
        assert ("no-administrator-policies", account["deployer"]) in left
        (rights,) = (each for each in run["findings"] if each["check"] == "no-administrator-policies")
        assert rights["remedy"]["kind"] == "manual"  # who deploys by a document loses no right unasked
        assert f"works with user {account['deployer']}" in rights["remedy"]["text"]
        prod, _ = excepted(auditor("check", "--baseline", "dualtetrax:prod", *words, box=box))
        assert not prod
        told = auditor("check", "--baseline", "dualtetrax:dev", *words[2:], box=box).out
        assert "by dualtetrax" in told
        assert "section 7" in told


@pytest.mark.e2e
def test_an_identity_in_place_of_a_control_is_pingvas_s_own_and_no_signature_is_not(auditor, pingvas):
    words = ("--baseline", "pingvas", "--format", "json", "--no-store", "--rule", "s3-origins-signed")
    told, _ = excepted(auditor("check", *words, box=pingvas.box))
    assert told == {"s3-origins-signed": "계층별 상세 설명"}
    with pingvas.box.clone() as box:
        distribution(pingvas.on(box), unsigned)
        told, run = excepted(auditor("check", *words, box=box))
        assert not told
        assert run["summary"]["waived"] == 0
