"""The file: found, refused with every mistake at its line, and never in the way of what is typed."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from auditor.checks.baselines import load_baseline
from auditor.checks.binding import BadPin, elsewhere, known_roles, parse_scope, pins_of
from auditor.checks.yaml import DefinitionError
from auditor.config.read import find, load
from auditor.report.schema import schema
from tests.test_structure import ROOT

SCHEMA = json.loads((ROOT / "schemas" / "config.schema.json").read_text(encoding="utf-8"))

WRONG = [
    ("regoins: [eu-west-1]", "auditor.yaml:1:1: regoins: is not a field; did you mean `regions`?"),
    ("# x\nfail_on: hgh", "auditor.yaml:2:10: fail_on: must be 'critical', 'high'"),
    ("baselines: [{name: a, acount: 1}]", "baselines[0].acount: is not a field; did you mean `account`?"),
    ("baselines: [{name: a, account: 12}]", "'12' is not understood; write it like \"123456789012\""),
    ("regions: [Ireland]", "regions[0]: 'Ireland' is not understood; write it like eu-west-1"),
    ("limits: {riks: safe}", "limits.riks: is not a field; did you mean `risk`?"),
    ("costs: maybe", "auditor.yaml:1:8: costs: must be true or false"),
    ("store: x\nstore: y", "auditor.yaml:2:1: `store` is written twice (first in line 1); keep one"),
    ("baselines: [cuggu, cuggu]", "baselines[1]: is named twice"),
    ("no_rules: true\nrules: [a]", "auditor.yaml:1:11: no_rules: contradicts `rules`"),
    ("profile: x\nfrom: [a]", "auditor.yaml:2:7: from: contradicts `profile`"),
    ("notify: [{to: 'https://hooks.slack.com/services/T0/B0/x'}]", "auditor.yaml:1:15: notify[0].to: "),
    ("# x\nnotify:\n  - to: slack:hook", "notify[0].to: 'slack:hook' is not understood; write it like arn:aws:sns:"),
    ("notify: [{to: 'webhook:env:HOOK'}]", "notify[0].to: needs `key`: webhook: env:NAME or the ARN"),
    ("notify: [{to: 'mailto:a@example.com'}]", "notify[0].to: needs `sender`"),
    ("notify: [{to: 'slack:env:HOOK', key: 'env:K'}]", "notify[0].key: is not for slack; remove it"),
    ("notify:\n  - to: slack:env:HOOK\n    for: {severity: hgh}", "auditor.yaml:3:21: notify[0].for.severity: must be"),
    ("notify: [{to: 'slack:env:HOOK', for: {accuonts: [1]}}]", "notify[0].for.accuonts: is not a field; did you mean"),
    (
        "notify: [{to: 'slack:env:HOOK', for: {tags: [web]}}]",
        "for.tags[0]: 'web' is not understood; write it like team=web",
    ),
    ("- a", "auditor.yaml:1:1: must be a mapping"),
    ("a: [", "auditor.yaml:2:1: this is not YAML"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_a_mistake_is_told_at_its_place(auditor, tmp_path, text, said):
    (tmp_path / "auditor.yaml").write_text(text + "\n", encoding="utf-8")
    ran = auditor("check")
    assert ran.code == 2
    assert said in ran.err
    assert not ran.out


def test_all_mistakes_are_told_at_once(tmp_path):
    (tmp_path / "auditor.yaml").write_text("a: 1\nb: 2\nfail_on: x\n", encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        load(tmp_path / "auditor.yaml")
    assert len(refused.value.lines) == 3


TOML = '[tool.other]\nx = 1\n\n[tool.auditor]\nregions = [\n  "eu-west-1",\n]\n{}\n\n[[tool.auditor.baselines]]\nname = "cuggu"\n{}\n'


@pytest.mark.parametrize(
    ("top", "row", "said"),
    [
        ("fail_om = 'high'", "", "pyproject.toml:8:1: fail_om: is not a field; did you mean `fail_on`?"),
        ("costs = 3", "", "pyproject.toml:8:9: costs: must be true or false"),
        ("", "sets = {}", "pyproject.toml:12:1: baselines[0].sets: is not a field; did you mean `set`?"),
        ("costs =", "", "pyproject.toml:1:1: this is not TOML: Invalid value (at line 8"),
    ],
)
def test_a_mistake_in_toml_has_its_line_too(auditor, tmp_path, top, row, said):
    (tmp_path / "pyproject.toml").write_text(TOML.format(top, row), encoding="utf-8")
    ran = auditor("check")
    assert ran.code == 2
    assert said in ran.err


def test_help_reads_no_file(auditor, tmp_path):
    (tmp_path / "auditor.yaml").write_text("nonsense: [", encoding="utf-8")
    for words in (("check", "--help"), ("config", "show", "--help"), ("--help",)):
        assert auditor(*words).code == 0
    assert auditor("rules", "--no-config").code == 0
    assert auditor("rules", env={"AUDITOR_NO_CONFIG": "1"}).code == 0
    assert auditor("rules").code == 2


def test_the_nearest_file_counts_and_none_above_the_repository(tmp_path):
    deep = tmp_path / "repository" / "infra" / "prod"
    deep.mkdir(parents=True)
    above, inside = tmp_path / "auditor.yaml", tmp_path / "repository" / "auditor.yaml"
    above.write_text("costs: true\n", encoding="utf-8")
    assert find(deep) == above
    assert find(deep, tmp_path / "repository") is None
    (tmp_path / "repository" / ".git").mkdir()
    assert find(deep) is None
    inside.write_text("costs: true\n", encoding="utf-8")
    assert find(deep) == inside
    (deep / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    assert find(deep) == inside
    (deep / "pyproject.toml").write_text("[tool.auditor]\ncosts = true\n", encoding="utf-8")
    assert find(deep) == deep / "pyproject.toml"
    (deep / "auditor.yaml").touch()
    with pytest.raises(DefinitionError, match="both configure; keep one"):
        find(deep)


def test_nothing_above_is_taken_from_where_everybody_may_write(tmp_path):
    """As /tmp is: another user of the machine could have put a file there that sets `fail_on: never`."""
    mine = tmp_path / "everybody" / "mine"
    mine.mkdir(parents=True)
    for file in (tmp_path / "auditor.yaml", tmp_path / "everybody" / "auditor.yaml"):
        file.write_text("fail_on: never\n", encoding="utf-8")
    assert find(mine) == tmp_path / "everybody" / "auditor.yaml"
    (tmp_path / "everybody").chmod(0o1777)
    assert find(mine) is None
    (tmp_path / "everybody" / "auditor.yaml").unlink()
    assert find(mine) is None, "nor from above such a folder"
    (mine / "auditor.yaml").write_text("costs: true\n", encoding="utf-8")
    mine.chmod(0o777)
    assert find(mine) == mine / "auditor.yaml", "the working folder is one's own choice"
    (tmp_path / "everybody" / "pyproject.toml").write_text("[tool.auditor]\ncosts = true\n", encoding="utf-8")
    (mine / "auditor.yaml").unlink()
    assert find(mine) is None


def test_a_file_of_comments_sets_nothing(tmp_path):
    (tmp_path / "auditor.yaml").write_text("# nothing yet\n", encoding="utf-8")
    assert not load(tmp_path / "auditor.yaml").values


@pytest.mark.parametrize(
    "said",
    [{}, {"notify": [{"to": "slack:env:HOOK"}, {"to": "webhook:env:H", "key": "env:K", "for": {"checks": "cuggu/*"}},
                     {"to": "arn:aws:sns:eu-west-1:123456789012:alerts", "for": {"accounts": ["123456789012"]}}]},
     {"baselines": ["cuggu", {"name": "couple", "set": {"environment": "dev"}, "account": "123456789012"}]},
     {"from": "a.jsonl", "format": ["text", "html=r.html"], "limits": {"risk": "safe"}, "bind": {"database": "x"}}],
)  # fmt: skip
def test_the_schema_takes_what_is_taken(tmp_path, said):
    jsonschema.validate(said, SCHEMA)
    file = tmp_path / "auditor.yaml"
    file.write_text(yaml.safe_dump(said), encoding="utf-8")
    load(file)


@pytest.mark.parametrize("text", [row for row, _ in (*WRONG[:3], *WRONG[4:7])])
def test_the_schema_refuses_what_is_refused(text):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(text), SCHEMA)


def test_the_schema_is_printed(auditor):
    assert json.loads(auditor("config", "schema").out) == SCHEMA


def test_a_variable_that_sets_nothing_is_told(auditor):
    ran = auditor("config", "show", env={"AUDITOR_REGION": "eu-west-1", "AUDITOR_OWNER": "team"})
    assert "AUDITOR_REGION sets nothing; did you mean `AUDITOR_REGIONS`?" in ran.err
    assert "AUDITOR_OWNER" not in ran.err


def test_who_said_a_wrong_value_is_told(auditor, tmp_path):
    assert "(set by AUDITOR_FAIL_ON)" in auditor("check", env={"AUDITOR_FAIL_ON": "bad"}).err
    (tmp_path / "auditor.yaml").write_text("\nfrom: gone.jsonl\n", encoding="utf-8")
    ran = auditor("check")
    assert ran.code == 2
    assert "gone.jsonl' does not exist. (set by auditor.yaml:2)" in ran.err


def test_a_file_that_is_named_and_not_there_is_an_error(auditor):
    assert auditor("check", "--config", "gone.yaml").code == 2


# ---- what is said for one baseline alone


def test_a_scope_may_be_of_one_baseline():
    texts = ("tag:stage=prod", "cuggu/account=123456789012", "tag:team/name=x", "couple:dev/name=a/b")
    assert parse_scope(texts).tags == {"stage": "prod", "team/name": "x"}
    assert parse_scope(texts).account == ""
    assert parse_scope(texts, "cuggu").account == "123456789012"
    assert parse_scope(texts, "couple:dev").name == "a/b"
    with pytest.raises(BadPin, match="is not understood"):
        parse_scope(("cuggu/owner=x",))


def test_a_pin_may_be_of_one_baseline():
    cuggu = load_baseline("cuggu")
    pins = {"database": "a", "cuggu/database": "b", "glimpse/bucket": "c"}
    assert pins_of(pins, "cuggu") == {"database": "b"}
    assert pins_of(pins, "glimpse") == {"database": "a", "bucket": "c"}
    with pytest.raises(BadPin, match="no chosen baseline is called 'glimpse'"):
        known_roles(pins, [cuggu])
    with pytest.raises(BadPin, match="cuggu has no role 'databse'; did you mean `database`"):
        known_roles({"cuggu/databse": "a"}, [cuggu])


def test_a_baseline_of_another_account_is_left_out():
    cuggu = load_baseline("cuggu")
    assert elsewhere([cuggu], ("cuggu/account=222222222222",), {"111111111111"}) == {"cuggu": "222222222222"}
    assert not elsewhere([cuggu], ("cuggu/account=222222222222",), {"222222222222"})


# ---- from outside in

OURS = """
baselines: [{{name: cuggu, account: "{account}", bind: {{database: {database}}}}}]
regions: [ap-northeast-2]
no_rules: true
store: runs
format: [json, html=out/report.html]
"""


@pytest.mark.e2e
def test_check_by_a_file_alone(auditor, cuggu, tmp_path):
    file = tmp_path / "auditor.yaml"
    file.write_text(OURS.format(account="123456789012", database=cuggu["database"]), encoding="utf-8")
    ran = auditor("check", box=cuggu.box)
    assert ran.code == 0, ran.err
    run = json.loads(ran.out)
    assert run["scan"]["baselines"] == ["cuggu"]
    assert run["scan"]["rules"] == []
    assert [each["role"] for each in run["bindings"] if each["pinned"]] == ["database"]
    assert (tmp_path / "out" / "report.html").is_file()
    assert len([*(tmp_path / "runs" / "runs").iterdir()]) == 1
    typed = auditor("check", "--rule", "bucket-encrypted", "--format", "json", "--no-store", box=cuggu.box)
    assert json.loads(typed.out)["scan"]["rules"] == ["bucket-encrypted"]


@pytest.mark.e2e
def test_a_document_of_another_account_says_nothing_of_this_one(auditor, cuggu, tmp_path):
    text = OURS.replace("no_rules: true\n", "").format(account="222222222222", database=cuggu["database"])
    (tmp_path / "auditor.yaml").write_text(text, encoding="utf-8")
    ran = auditor("check", box=cuggu.box)
    run = json.loads(ran.out)
    assert run["scan"]["baselines"] == []
    assert not run["promises"]
    assert "cuggu is about account 222222222222, which was not read" in ran.err
    assert run["scan"]["elsewhere"] == {"cuggu": "222222222222"}
    jsonschema.validate(run, schema())
    (tmp_path / "auditor.yaml").write_text(text + "no_rules: true\n", encoding="utf-8")
    alone = auditor("check", box=cuggu.box)
    assert alone.code == 2
    assert "cuggu is about account 222222222222" in alone.err


GATE = 'resource "aws_s3_bucket" "logs" { bucket = "logs" }\n'


@pytest.mark.e2e
def test_a_gate_takes_a_file_only_where_it_is_named_and_never_from_the_code(auditor, tmp_path):
    code = tmp_path / "code"
    code.mkdir()
    (code / "main.tf").write_text(GATE, encoding="utf-8")
    (code / "auditor.yaml").write_text("fail_on: never\n", encoding="utf-8")
    (tmp_path / "auditor.yaml").write_text("fail_on: never\n", encoding="utf-8")
    rule = ("--rule", "bucket-public-access-blocked")
    assert auditor("gate", "code", *rule).code == 1
    assert auditor("gate", "code", *rule, "--config", "auditor.yaml").code == 0
    inside = auditor("gate", "code", *rule, "--config", "code/auditor.yaml")
    assert inside.code == 2
    assert "is inside the checked code" in inside.err
    assert auditor("gate", "code", *rule, "--config", "code/auditor.yaml", "--trust-definitions").code == 0


@pytest.mark.e2e
def test_what_is_typed_goes_over_what_is_only_set(auditor, cuggu, tmp_path):
    (tmp_path / "auditor.yaml").write_text("profile: nobody\nregions: [eu-west-1]\n", encoding="utf-8")
    scan = auditor("scan", "-o", "a.jsonl", "--no-config", "--region", "ap-northeast-2", box=cuggu.box)
    assert scan.code in (0, 3), scan.err
    ran = auditor("check", "--from", "a.jsonl", "--rule", "bucket-encrypted", "--format", "json", "--no-store")
    assert json.loads(ran.out)["scan"]["regions"] == ["ap-northeast-2"]


FLEET = """
from: [a.jsonl, b.jsonl]
baselines:
  - {{name: cuggu, account: "{cuggu}"}}
  - {{name: dualtetrax, account: "{dualtetrax}"}}
  - {{name: glimpse, account: "333333333333"}}
no_rules: true
no_store: true
format: [json]
"""


@pytest.mark.e2e
def test_of_several_inventories_each_document_is_about_its_account(auditor, cuggu, dualtetrax, tmp_path):
    other = "222222222222"
    for name, built in (("a", cuggu), ("b", dualtetrax)):
        scan = auditor("scan", "-o", f"{name}.jsonl", "--region", built.region, box=built.box)
        assert scan.code in (0, 3), scan.err
    text = (tmp_path / "b.jsonl").read_text(encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(text.replace("123456789012", other), encoding="utf-8")

    def checked(**accounts):
        (tmp_path / "auditor.yaml").write_text(FLEET.format(**accounts), encoding="utf-8")
        ran = auditor("check")
        assert "glimpse is about account 333333333333, which was not read" in ran.err
        run = json.loads(ran.out)
        assert run["scan"]["accounts"] == ["123456789012", other]
        assert run["scan"]["baselines"] == ["cuggu", "dualtetrax"]
        return {each["check"] for each in run["findings"] if each["verdict"] == "broken"}

    assert not checked(cuggu="123456789012", dualtetrax=other)
    swapped = checked(cuggu=other, dualtetrax="123456789012")
    assert "cuggu/database" in swapped
    assert [each for each in swapped if each.startswith("dualtetrax/")]
