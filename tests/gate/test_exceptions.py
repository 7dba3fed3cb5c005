"""Exceptions: exact or by whole segments, with a reason, an owner and an end, from the base and never from the change."""

from __future__ import annotations

import datetime as dt
import json
import re

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.checks.waivers import load_waivers
from auditor.checks.yaml import DefinitionError
from auditor.findings.ignored import ignores
from auditor.model.waivers import matches
from tests.gate.conftest import CLOSED, OPENED, TF_CLOSED, TF_OPENED
from tests.test_structure import ROOT
from tests.work import watchdog

TODAY = dt.datetime.now(dt.UTC).date()
SOON, PAST, FAR = (str(TODAY + dt.timedelta(days=each)) for each in (60, -1, 400))
CHECK = "ports-closed-to-world"
SCHEMA = json.loads((ROOT / "schemas" / "waivers.schema.json").read_text())


def waivers(*rows):
    return yaml.safe_dump(
        {"waivers": [{"reason": "moves in May", "owner": "team-web", "until": SOON} | each for each in rows]}
    )


OURS = {"check": CHECK, "resource": "aws_security_group.web"}
TWO = TF_OPENED + TF_OPENED.replace('"web"', '"other"')


@pytest.fixture
def outside(tmp_path):
    """A folder beside the repository: nobody who opens a pull request writes there."""
    folder = tmp_path / "policy"
    folder.mkdir()
    return folder


def told(ran):
    return ran.run["gate"]["exceptions"]


# ---- what a pattern means


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("aws_security_group.web", "aws_security_group.web", True),
        ("aws_security_group.web", "aws_security_group.web2", False),
        ("web", "aws_security_group.web", False),
        ("aws_security_group.*", "aws_security_group.web", True),
        ("aws_security_group.*", "module.x.aws_security_group.web", False),
        ("module.*.aws_security_group.web", "module.x.aws_security_group.web", True),
        ("module.*.aws_security_group.web", "module.x.module.y.aws_security_group.web", False),
        ("aws_security_group.web[*]", 'aws_security_group.web["a.b"]', True),
        ("aws_security_group.web", "aws_security_group.web[0]", False),
        ("aws_security_group.*", "aws_security_group.web[0]", False),
        ("arn:aws:s3:::logs", "arn:aws:s3:::logs", True),
        ("arn:aws:rds:*:*:db:orders", "arn:aws:rds:eu-west-1:123456789012:db:orders", True),
        ("arn:aws:rds:*:db:orders", "arn:aws:rds:eu-west-1:123456789012:db:orders", False),
        ("orders.db", "ordersxdb", False),
        ("", "", False),
    ],
)
def test_a_pattern_is_exact_or_of_whole_segments(pattern, name, fits):
    assert matches(pattern, name) is fits


SEGMENT = st.sampled_from(["a", "b", "ab", "aab", "z9", "a-b", "_", "web", "web2"])


@given(st.lists(SEGMENT, min_size=1, max_size=5), st.lists(SEGMENT, min_size=1, max_size=5), st.sampled_from(".:/"))
def test_a_name_covers_itself_alone(one, other, between):
    assert matches(between.join(one), between.join(one))
    assert matches(between.join(one), between.join(other)) is (one == other)
    starred = [*one[:-1], "*"]
    assert matches(between.join(starred), between.join(other)) is (one[:-1] == other[:-1] and len(one) == len(other))


# ---- the file


WRONG = {
    "no end": ({"until": None}, "until"),
    "too far": ({"until": FAR}, "more than a year away"),
    "no date": ({"until": "2027-13-40"}, "is no date"),
    "no reason": ({"reason": ""}, "reason"),
    "no owner": ({"owner": ""}, "owner"),
    "part of a word": ({"resource": "aws_*_group.web"}, "whole segment"),
    "everything": ({"resource": "*"}, "names no resource"),
    "everything of a module": ({"resource": "*.*"}, "names no resource"),
    "a field that is none": ({"expires": SOON}, "is not a field"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_bad_file_is_refused_at_its_place(name, gate, repo, outside):
    change, words = WRONG[name]
    row = {key: value for key, value in ({**OURS, "until": SOON, **change}).items() if value is not None}
    row = {"reason": "moves", "owner": "me", **row}
    file = outside / "waivers.yaml"
    file.write_text(yaml.safe_dump({"waivers": [row]}))
    repo.write("main.tf", TF_OPENED)
    ran = gate(repo.path, "--waivers", file)
    assert (ran.code, ran.out) == (2, "")
    assert re.search(rf"waivers\.yaml:\d+:\d+: .*{re.escape(words)}", ran.err), ran.err


def test_the_schema_takes_what_the_program_takes(tmp_path):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    file = tmp_path / "w.yaml"
    file.write_text(waivers(OURS))
    jsonschema.validate(yaml.safe_load(file.read_text()), SCHEMA)
    (one,) = load_waivers(file, "w.yaml", TODAY)
    assert (one.check, one.owner, one.source) == (CHECK, "team-web", "w.yaml:2")
    for row in ({"check": CHECK}, {**OURS, "more": 1}, {**OURS, "until": "soon"}):
        value = yaml.safe_load(waivers(row))
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(value, SCHEMA)
        file.write_text(waivers(row))
        with pytest.raises(DefinitionError):
            load_waivers(file, "w.yaml", TODAY)


# ---- what it excuses


def test_a_finding_is_accepted_and_shown(gate, repo, outside):
    repo.write("main.tf", TWO)
    (outside / "w.yaml").write_text(waivers(OURS))
    ran = gate(repo.path, "--waivers", outside / "w.yaml")
    run = ran.run
    accepted = [each for each in run["findings"] if each["waiver"]]
    assert [each["resource"]["id"] for each in accepted] == ["aws_security_group.web"]
    assert accepted[0]["waiver"] == {
        "reason": "moves in May", "owner": "team-web", "expires": SOON, "source": f"{outside / 'w.yaml'}:2",
    }  # fmt: skip
    assert (ran.code, run["summary"]["broken"], run["summary"]["waived"]) == (1, 1, 1)
    assert sum(run["summary"]["by_severity"].values()) == 1
    for form in ("text", "markdown", "sarif"):
        out = gate(repo.path, "--waivers", outside / "w.yaml", "--format", form).out
        assert "moves in May" in " ".join(out.split()), form
    (outside / "w.yaml").write_text(waivers(OURS, {**OURS, "resource": "aws_security_group.other"}))
    assert gate(repo.path, "--waivers", outside / "w.yaml").code == 0


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({**OURS, "until": PAST}, "ended"),
        ({**OURS, "check": "keys-rotate"}, "unused"),
        ({**OURS, "resource": "aws_security_group.we"}, "unused"),
        ({**OURS, "check": "ports-closed"}, "unused"),
    ],
)
def test_what_ended_or_excuses_nothing_is_told(row, named, gate, repo, outside):
    repo.write("main.tf", TF_OPENED)
    (outside / "w.yaml").write_text(waivers(row))
    ran = gate(repo.path, "--waivers", outside / "w.yaml")
    assert ran.code == 1
    assert not any(each["waiver"] for each in ran.run["findings"])
    assert len(told(ran)[named]) == 1
    assert row["check"] in told(ran)[named][0]


def test_a_waiver_of_an_old_finding_is_not_called_unused(gate, repo, outside):
    repo.write("main.tf", TF_OPENED)
    repo.branch()
    repo.write("readme.md", "words")
    (outside / "w.yaml").write_text(waivers(OURS))
    ran = gate(repo.path, "--base", "main", "--waivers", outside / "w.yaml")
    assert (ran.code, told(ran)["unused"]) == (0, [])


def test_what_is_unknown_is_not_excused(gate, repo, outside):
    repo.write("main.tf", TF_CLOSED.replace('["10.0.0.0/8"]', "data.aws_ip_ranges.x.cidr_blocks") +
               'data "aws_ip_ranges" "x" {\n  services = ["ec2"]\n}\n')  # fmt: skip
    (outside / "w.yaml").write_text(waivers(OURS))
    plain, excused = gate(repo.path), gate(repo.path, "--waivers", outside / "w.yaml")
    assert plain.code == excused.code
    assert plain.run["summary"]["unknown"] == excused.run["summary"]["unknown"]


# ---- never from the change


def test_a_change_cannot_excuse_itself(gate, repo):
    repo.write("main.tf", TF_CLOSED)
    repo.branch()
    repo.write("main.tf", TF_OPENED)
    repo.write("waivers.yaml", waivers(OURS))
    repo.commit()
    ran = gate(repo.path, "--base", "main", "--waivers", repo.path / "waivers.yaml")
    assert ran.code == 1
    assert "counts once it is merged" in told(ran)["notes"][0]
    assert gate(repo.path, "--waivers", repo.path / "waivers.yaml").code == 2


def test_the_base_excuses(gate, repo):
    repo.write("main.tf", TF_CLOSED)
    repo.write("waivers.yaml", waivers(OURS))
    repo.branch()
    repo.write("main.tf", TF_OPENED)
    repo.write("waivers.yaml", waivers(OURS).replace(SOON, PAST))
    repo.commit()
    ran = gate(repo.path, "--base", "main", "--waivers", repo.path / "waivers.yaml")
    assert (ran.code, ran.run["summary"]["waived"]) == (0, 1)
    repo.git("rm", "-q", "waivers.yaml")
    repo.commit()
    assert gate(repo.path, "--base", "main", "--waivers", repo.path / "waivers.yaml").code == 0


def test_a_link_into_the_change_is_the_change(gate, repo, outside):
    repo.write("main.tf", TF_CLOSED)
    repo.branch()
    repo.write("main.tf", TF_OPENED)
    repo.write("waivers.yaml", waivers(OURS))
    repo.commit()
    (outside / "w.yaml").symlink_to(repo.path / "waivers.yaml")
    assert gate(repo.path, "--base", "main", "--waivers", outside / "w.yaml").code == 1
    (repo.path / "link.yaml").symlink_to(outside / "real.yaml")
    (outside / "real.yaml").write_text(waivers(OURS))
    assert gate(repo.path, "--base", "main", "--waivers", repo.path / "link.yaml").code == 1


def test_another_folder_of_the_same_tree_is_no_base_to_take_exceptions_from(gate, repo):
    repo.write("old/main.tf", TF_CLOSED)
    repo.write("new/main.tf", TF_OPENED)
    repo.write("waivers.yaml", waivers(OURS))
    repo.commit()
    ran = gate("new", "--base", "./old", "--waivers", "waivers.yaml", cwd=repo.path)
    assert ran.code == 1
    assert "no base to read it from" in told(ran)["notes"][0]


def test_a_broken_file_of_the_base_excuses_nothing_and_ends_nothing(gate, repo):
    repo.write("main.tf", TF_CLOSED)
    repo.write("waivers.yaml", "waivers: [")
    repo.branch()
    repo.write("main.tf", TF_OPENED)
    repo.write("waivers.yaml", waivers(OURS))
    repo.commit()
    ran = gate(repo.path, "--base", "main", "--waivers", repo.path / "waivers.yaml")
    assert ran.code == 1
    assert "cannot be read as the base has it" in told(ran)["notes"][0]


# ---- comments in code


def comment(check=CHECK, until=SOON, mark="#"):
    return f"{mark}auditor:ignore={check} reason=moves in May until={until}\n"


INSIDE = TF_CLOSED.replace('  vpc_id = "vpc-1"\n', '  vpc_id = "vpc-1"\n  ' + comment())
YAML_ABOVE = CLOSED.replace("  Group:\n", "  " + comment(mark="# ") + "  Group:\n")
COMMENTED = {
    "above": ("main.tf", comment() + TF_CLOSED),
    "above, with another comment between": ("main.tf", comment(mark="// ") + "# web\n" + TF_CLOSED),
    "inside": ("main.tf", INSIDE),
    "a template": ("web.yaml", YAML_ABOVE),
    "inside of a template": ("web.yaml", CLOSED.replace("    Properties:\n", "    " + comment() + "    Properties:\n")),
}


def opened(text):
    return text.replace("443", "22").replace("10.0.0.0/8", "0.0.0.0/0")


@pytest.mark.parametrize("name", COMMENTED)
def test_a_comment_of_the_base_counts_where_it_is_allowed(name, gate, repo):
    file, text = COMMENTED[name]
    repo.write(file, text)
    repo.branch()
    repo.write(file, opened(text))
    repo.commit()
    plain = gate(repo.path, "--base", "main")
    assert plain.code == 1
    assert "--allow-ignores" in told(plain)["notes"][0]
    ran = gate(repo.path, "--base", "main", "--allow-ignores")
    assert (ran.code, ran.run["summary"]["waived"]) == (0, 1), ran
    assert ran.run["findings"][0]["waiver"]["source"].startswith(f"{file}:")
    assert gate(repo.path, "--allow-ignores").code == 1


WITHOUT_EFFECT = {
    "it comes with the change": (TF_CLOSED, comment() + TF_OPENED, "counts once it is merged"),
    "its end was moved": (comment(until=str(TODAY)) + TF_CLOSED, comment() + TF_OPENED, "counts once it is merged"),
    "its check was changed": (comment("keys-rotate") + TF_CLOSED, comment() + TF_OPENED, "counts once it is merged"),
    "it moved to another resource": (comment() + TF_CLOSED.replace('"web"', '"x"') + TF_CLOSED, TF_CLOSED.replace('"web"', '"x"') + comment() + TF_OPENED, "counts once it is merged"),
    "it ended": (comment(until=PAST) + TF_CLOSED, comment(until=PAST) + TF_OPENED, "ended on"),
    "it is for too long": (comment(until=FAR) + TF_CLOSED, comment(until=FAR) + TF_OPENED, "more than a year away"),
    "no reason": (comment().replace("reason=moves in May ", "") + TF_CLOSED, comment().replace("reason=moves in May ", "") + TF_OPENED, "is missing"),
    "it stands alone": (comment() + "\n" + TF_CLOSED, comment() + "\n" + TF_OPENED, "stands at no resource"),
    "at another resource": (comment() + TF_CLOSED.replace('"web"', '"x"') + TF_CLOSED, comment() + TF_CLOSED.replace('"web"', '"x"') + TF_OPENED, "excuses no finding"),
    "part of the check": (comment("ports") + TF_CLOSED, comment("ports") + TF_OPENED, "excuses no finding"),
}  # fmt: skip


@pytest.mark.parametrize("name", WITHOUT_EFFECT)
def test_a_comment_without_effect_is_told(name, gate, repo):
    before, after, words = WITHOUT_EFFECT[name]
    repo.write("main.tf", before)
    repo.branch()
    repo.write("main.tf", after)
    repo.commit()
    ran = gate(repo.path, "--base", "main", "--allow-ignores")
    assert ran.code == 1
    assert words in json.dumps(told(ran)), told(ran)


@pytest.mark.parametrize("name", ["a.tf", "a.yaml"])
@pytest.mark.parametrize("line", ["#auditor:ignore=x reason=why until=2027-01-01", "#auditor:ignore=x" + " " * 900 + "until=",
                                  "#auditor:ignore=x reason=" + "a " * 400, "# auditor:ignore" + "#" * 900])  # fmt: skip
def test_a_file_full_of_comments_takes_no_time(name, line):
    with watchdog():
        found = list(ignores((line + "\n") * 5_000 + "Resources:\n  A:\n    Type: x\n", name))
    assert len(found) == 201
    assert found[0].problem


def test_a_text_is_no_comment():
    text = 'resource "a" "b" {\n  x = "#auditor:ignore=c reason=why until=2027-01-01"\n}\n'
    assert not list(ignores(text, "a.tf"))


# ---- what was there before


def test_known_findings_are_known_by_what_offends(gate, repo, outside):
    repo.write("main.tf", TF_OPENED)
    known = outside / "known.json"
    assert gate(repo.path, "--write-known", known).code == 0
    assert json.loads(known.read_text())["findings"][0]["check"] == CHECK
    ran = gate(repo.path, "--known", known)
    assert (ran.code, ran.run["findings"], ran.run["gate"]["known"]) == (0, [], 1)
    assert "1 known before" in gate(repo.path, "--known", known, "--format", "text").out
    # The same file ten lines further down, and one more port.
    repo.write("main.tf", "\n" * 10 + TF_OPENED)
    assert gate(repo.path, "--known", known).code == 0
    more = TF_OPENED[TF_OPENED.index("  ingress") : -2].replace("22", "3389")
    repo.write("main.tf", TF_OPENED[:-2] + more + "}\n")
    ran = gate(repo.path, "--known", known)
    assert ran.code == 1
    assert "worse now" in ran.run["findings"][0]["because"]
    # The address alone excuses nothing: another kind of opening is another element.
    repo.write("main.tf", TF_OPENED.replace("22", "3389"))
    assert gate(repo.path, "--known", known).code == 1
    repo.write("main.tf", TF_OPENED.replace('"web"', '"other"'))
    assert gate(repo.path, "--known", known).code == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"known_findings": 2, "findings": []}', "[" * 50_000,
                                  '{"known_findings": 1, "findings": [{"id": 1}]}'])  # fmt: skip
def test_a_bad_file_of_known_findings_is_refused(text, gate, repo, outside):
    repo.write("web.yaml", OPENED)
    (outside / "known.json").write_text(text)
    ran = gate(repo.path, "--known", outside / "known.json")
    assert (ran.code, ran.out) == (2, "")
    assert "--write-known" in ran.err


def test_known_findings_come_from_the_base_too(gate, repo):
    repo.write("web.yaml", CLOSED)
    repo.branch()
    repo.write("web.yaml", OPENED)
    gate(repo.path, "--write-known", repo.path / "known.json")
    repo.commit()
    assert gate(repo.path, "--base", "main", "--known", repo.path / "known.json").code == 1
    assert gate(repo.path, "--known", repo.path / "known.json").code == 2
    assert gate(repo.path, "--known", repo.path / "known.json", "--trust-definitions").code == 0
