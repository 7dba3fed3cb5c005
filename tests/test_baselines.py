"""Baselines against their documents: every citation is true, and nothing that a document states is left out.

A statement is a line of a diagram, a table, a list, a text or code (tests/documents.py). It is covered when each of its
words (numbers and labels alike) stands in a phrase that some entry quotes from that very line; an arrow has to be quoted
whole. So half a promise shows. A choice that sets lines aside says that they promise nothing, and then nothing cites them
as a promise.
"""

import itertools
from pathlib import Path

import pytest

from auditor.checks.baselines import known, load_baseline, load_baselines
from auditor.checks.demand import of_baseline
from auditor.checks.drift import decisions
from auditor.checks.schema import At
from auditor.checks.yaml import DefinitionError
from auditor.resources import load
from auditor.sources.live import permissions_for
from tests.documents import ARROW, headings, sections, statements, words

SHARED = Path(__file__).resolve().parents[2] / "shared"


def environments(name):
    """A baseline as it is asked for, once for each environment that it knows."""
    rows = load_baseline(name).parameters
    values = [[f"{parameter}={value}" for value in row.values] for parameter, row in rows.items() if row.values]
    return [f"{name}:{','.join(chosen)}" if chosen else name for chosen in itertools.product(*values)]


ASKED = [asked for name in sorted(known()) for asked in environments(name)]


def document_of(baseline):
    path = SHARED / baseline.document.file
    if not path.is_file():
        pytest.skip(
            f"the document {baseline.document.file} is not beside the project, so its citations cannot be compared"
        )
    return path.read_text(encoding="utf-8").splitlines()


def cites(value):
    """Every citation below a model."""
    if isinstance(value, At):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from cites(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from cites(each)
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from cites(getattr(value, name))


def phrases(at):
    return [phrase.strip() for phrase in at.text.split("…") if phrase.strip()]


def quoted(found, lines):
    """The phrases that are quoted from each line."""
    out = {}
    for at in found:
        for number in at.covered:
            out.setdefault(number, []).extend(each for each in phrases(at) if each in lines[number - 1])
    return out


def aside(baseline):
    """The lines that a choice says promise nothing."""
    return {number for each in baseline.choices if each.aside for at in cites(each) for number in at.covered}


def entries(baseline):
    """What covers a statement. A choice explains a reading and covers nothing, unless it sets lines aside."""
    return (baseline.roles, baseline.links, baseline.absent, baseline.unverifiable, baseline.budget)


def left_out(baseline, lines):
    """The statements, by line number, with the words of them that nothing quotes."""
    by_line = quoted(cites(entries(baseline)), lines)
    out = {}
    for number, text in statements(lines):
        if number in aside(baseline):
            continue
        spoken = by_line.get(number, [])
        missing = words(text) - set().union(*map(words, spoken))
        arrow = ARROW.match(text)
        if arrow and not any(arrow.group(0).split(":")[0] in phrase for phrase in spoken):
            missing.add(arrow.group(0))
        if missing:
            out[number] = sorted(missing)
    return out


def elsewhere(baseline, text):
    """Whether a line is about other environments alone: it names one of them, and not the one that is asked for."""
    chosen = {each for part in baseline.id.partition(":")[2].split(",") if (each := part.rpartition("=")[2])}
    chosen |= {row.default for row in baseline.parameters.values() if not chosen & set(row.values)}
    named = {each.lower() for each in words(text)}
    others = {value for row in baseline.parameters.values() for value in row.values} - chosen
    return bool(named & others) and not named & chosen


@pytest.fixture(params=ASKED)
def baseline(request):
    return load_baseline(request.param)


def test_every_citation_is_true(baseline):
    lines = document_of(baseline)
    of, silenced = sections(lines), aside(baseline)
    wrong = []
    for at in cites(baseline):
        if {of.get(number) for number in at.covered} != {at.section}:
            wrong.append(f"lines {at.lines} are not in section {at.section}")
        wrong += [f"line {at.lines} does not say {phrase!r}" for phrase in phrases(at)
                  if not any(phrase in lines[number - 1] for number in at.covered)]  # fmt: skip
        silent = [number for number in at.covered if not any(phrase in lines[number - 1] for phrase in phrases(at))]
        if set(silent) - silenced:
            wrong.append(f"lines {at.lines} are cited, but nothing is quoted from {sorted(silent)}")
    assert wrong == []


def test_nothing_stated_is_left_out(baseline):
    lines = document_of(baseline)
    missing = left_out(baseline, lines)
    assert {number: found for number, found in missing.items() if not elsewhere(baseline, lines[number - 1])} == {}


@pytest.mark.parametrize("name", sorted(known()))
def test_what_one_environment_leaves_out_another_says(name):
    asked = [load_baseline(each) for each in environments(name)]
    lines = document_of(asked[0])
    assert set.intersection(*(set(left_out(each, lines)) for each in asked)) == set()


def test_what_is_set_aside_is_promised_nowhere(baseline):
    promised = {number: at.text for at in cites(entries(baseline)) for number in at.covered}
    assert {number: text for number, text in promised.items() if number in aside(baseline)} == {}


def test_every_section_has_a_name(baseline):
    lines = document_of(baseline)
    assert set(baseline.document.sections) == set(headings(lines).values())


@pytest.mark.parametrize(
    ("role", "line", "word"),
    [("nat", 100, "NAT"), ("schedule", 115, "cron"), ("middleware", 86, "CloudFront"), ("vpc", 91, "VPC")],
)
def test_a_forgotten_part_would_show(role, line, word):
    baseline = load_baseline("cuggu")
    lines = document_of(baseline)
    fewer = baseline.model_copy(
        update={
            "roles": {name: each for name, each in baseline.roles.items() if name != role},
            "links": tuple(each for each in baseline.links if role not in (each.tail, each.head)),
        }
    )
    assert word in left_out(fewer, lines)[line]


@pytest.mark.parametrize("link", [each.id for each in load_baseline("cuggu").links if "-->" in each.at.text])
def test_a_forgotten_arrow_would_show(link):
    baseline = load_baseline("cuggu")
    lines = document_of(baseline)
    arrow = next(each for each in baseline.links if each.id == link).at
    same = {each.id for each in baseline.links if each.at.covered & arrow.covered}
    kept = {"links": tuple(each for each in baseline.links if each.id not in same)}
    # A promise about one end of the arrow may quote it too: then both go before the line is bare.
    kept["roles"] = {
        name: role.model_copy(
            update={
                "at": At(section="2", lines="73", text="mermaid") if role.at.covered & arrow.covered else role.at,
                "require": tuple(each for each in role.require if not (each.at and each.at.covered & arrow.covered)),
            }
        )
        for name, role in baseline.roles.items()
    }
    kept["unverifiable"] = tuple(
        each for each in baseline.unverifiable if not any(at.covered & arrow.covered for at in cites(each))
    )
    assert set(left_out(baseline.model_copy(update=kept), lines)) & arrow.covered


def test_the_past_is_said_to_be_superseded():
    baseline = load_baseline("cuggu")
    assert any(each.aside and each.at.section == "1" and "supersede" in each.text for each in baseline.choices)
    assert not any(at.section == "1" for at in cites((baseline.roles, baseline.links, baseline.absent)))


def test_the_numbers_of_cuggu():
    roles = load_baseline("cuggu").roles
    stated = {
        f"{name}/{entry.id}": entry.wanted
        for name, role in roles.items()
        for entry in role.require
        if isinstance(entry.wanted, (int, str)) and not isinstance(entry.wanted, bool)
    }
    assert stated["server/memory"] == 1024
    assert stated["server/timeout"] == 60
    assert stated["cleanup/timeout"] == 300
    assert stated["database/class"] == "db.t4g.micro"
    assert stated["schedule/cron"] == "cron(0 18 * * ? *)"
    assert roles["database"].require[1].wanted == {"version": "16"}


def test_the_numbers_of_dualtetrax():
    def stated(environment):
        roles = load_baseline(f"dualtetrax:{environment}").roles
        return {f"{name}/{entry.id}": entry.wanted for name, role in roles.items() for entry in role.require}

    dev, prod = stated("dev"), stated("prod")
    assert (dev["database/class"], prod["database/class"]) == ("db.t4g.micro", "db.t4g.small")
    assert (dev["database/backups"], prod["database/backups"]) == (7, 30)
    assert (dev["function-logs/kept"], prod.get("function-logs/kept")) == (7, None)
    both = {"database/storage": "20", "database/storage-type": "gp3", "database/single-zone": False,
            "database/backup-window": "03:00-04:00", "function/timeout": 30, "function/memory": 512,
            "function/runtime": "nodejs18.x", "cost-alarm/threshold": 50}  # fmt: skip
    assert {name: dev[name] for name in both} == both == {name: prod[name] for name in both}
    budgets = [load_baseline(f"dualtetrax:{each}").budget.monthly for each in ("dev", "prod")]
    assert budgets == [30, 92]


def test_the_numbers_of_couple():
    def stated(environment):
        roles = load_baseline(f"couple:{environment}").roles
        return {
            f"{name}/{entry.id}": entry.wanted or entry.arguments
            for name, role in roles.items()
            for entry in role.require
        }

    prod, dev = stated("prod"), stated("dev")
    assert (prod["database/class"], prod["cache/class"]) == ("db.t3.micro", "cache.t3.micro")
    assert prod["service/size"] == {"vcpu": 2, "memory": 4}
    assert (prod["database/ports"], prod["cache/ports"]) == ({"ports": [5432]}, {"ports": [6379]})
    assert (prod["service/capacity"], dev["service/capacity"]) == ({"spot": False}, {"spot": True})
    assert load_baseline("couple").budget.monthly == 185


def test_tags_that_a_document_leads_one_to_expect_are_read():
    demand = of_baseline(load_baseline("dualtetrax"), load())
    assert "Tags" in demand["AWS::S3::Bucket"]
    assert "s3:GetBucketTagging" in permissions_for(demand, load())
    assert "s3:GetBucketTagging" not in permissions_for(of_baseline(load_baseline("cuggu"), load()), load())


def test_stacks_are_read_where_a_document_names_them():
    """So that a finding tells which stack holds the resource, and whether that was found drifted."""
    stack = "AWS::CloudFormation::Stack"
    named = {name: of_baseline(load_baseline(name), load()).get(stack, frozenset()) for name in sorted(known())}
    assert {name for name, asked in named.items() if asked} == {"dualtetrax"}
    assert {"StackStatus", "StackDriftStatus"} <= named["dualtetrax"]


def test_counts():
    roles = load_baseline("cuggu").roles
    assert (roles["nat"].least, roles["nat"].most) == (1, 1)
    assert (roles["alarm"].least, roles["alarm"].most) == (1, None)
    assert (roles["record"].least, roles["record"].most) == (1, 2)
    assert roles["nat"].model_copy(update={"optional": True}).least == 0


def test_an_unknown_name_is_told_with_the_nearest():
    with pytest.raises(DefinitionError, match=r"unknown baseline `cugu`; did you mean `cuggu`\?"):
        load_baseline("cugu")
    with pytest.raises(DefinitionError, match=r"unknown baseline `zzz`; known: .*cuggu"):
        load_baseline("zzz")


def test_a_baseline_of_ones_own_by_folder_and_by_path(tmp_path):
    text = """
title: Mine
document: {title: A page, file: page.md, updated: 2026-01-01}
regions: [eu-central-1]
roles:
  network: {type: AWS::EC2::VPC, means: The network, at: {section: 1, lines: 1, text: a network}}
"""
    (tmp_path / "baselines").mkdir()
    path = tmp_path / "baselines" / "mine.yaml"
    path.write_text(text)
    assert load_baseline("mine", [tmp_path]).id == "mine"
    assert load_baseline(path).roles["network"].at.cite.lines == "1"
    assert list(known([tmp_path])) == sorted([*known(), "mine"])


@pytest.mark.parametrize("name", ["couple", "cuggu", "dualtetrax", "glimpse", "pingvas"])
def test_what_a_decision_decides_is_promised(name):
    baselines = [*load_baselines([name]), *(load_baselines(["dualtetrax:prod"]) if name == "dualtetrax" else ())]
    known = {"budget"}
    for each in baselines:
        known |= {*each.roles, *(f"link/{link.id}" for link in each.links)}
        known |= {f"{role}/{entry.id}" for role, part in each.roles.items() for entry in part.require}
    decided = {promise for each in baselines for promise in decisions(each)}
    assert decided
    assert decided <= known


def test_a_contradiction_is_shown_beside_the_promise_that_it_decides():
    (glimpse,) = load_baselines(["glimpse"])
    (text,) = [each for each in decisions(glimpse)["service/tasks"] if "three tasks, further down" in each]
    assert text.endswith("So two hold.")
    assert any("80 %" in each for each in decisions(glimpse)["scaling-policy/cpu"])
