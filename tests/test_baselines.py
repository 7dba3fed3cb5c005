"""Baselines against their documents: every citation is true, and nothing that a document states is left out.

A statement is a line of a diagram, a table or a list. It is covered when each of its words (numbers and labels alike)
stands in a phrase that some entry quotes from that very line; an arrow has to be quoted whole. So half a promise shows.
"""

import re
from pathlib import Path

import pytest

from auditor.checks.baselines import known, load_baseline
from auditor.checks.schema import At
from auditor.checks.yaml import DefinitionError

SHARED = Path(__file__).resolve().parents[2] / "shared"

# The sections that say how the system is to be; what lies before them is the past.
NORMATIVE = {"cuggu": ("2", "3", "4", "5")}

SYNTAX = re.compile(r"(graph [A-Z]{2}|sequenceDiagram|end|-{3,}|title: .*|style .*|```\w*|#.*|>.*|\|[-|\s]+\|)$")
ARROW = re.compile(r"(\w+) *(-->>|->>|-->|-\.->)(\|[^|]*\|)? *(\w+)")
LABEL = re.compile(r'"([^"]*)"')


def document_of(baseline):
    path = SHARED / baseline.document.file
    if not path.is_file():
        pytest.skip(
            f"the document {baseline.document.file} is not beside the project, so its citations cannot be compared"
        )
    return path.read_text(encoding="utf-8").splitlines()


def sections(lines):
    """The number of the section that each line stands in, by line number."""
    out, current = {}, ""
    for number, line in enumerate(lines, 1):
        heading = re.match(r"## (\d+)\.", line)
        current = heading.group(1) if heading else current
        out[number] = current
    return out


def statements(lines, wanted):
    """What each line of the wanted sections states, without the syntax of diagrams and tables."""
    of = sections(lines)
    header = next((number for number, line in enumerate(lines, 1) if line.startswith("| 구분")), 0)
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if of[number] not in wanted or not text or SYNTAX.fullmatch(text) or number == header:
            continue
        if text.startswith("|"):
            cells = [cell.strip() for cell in text.strip("|").split("|")]
            yield number, " ".join((cells[0], *cells[2:]))  # the second column is the past
        elif LABEL.search(text):
            yield number, " ".join(LABEL.findall(text)).replace("<br/>", " ")
        else:
            yield number, re.sub(r"^(participant|actor) \w+ as |^loop ", "", text)


def words(text):
    return set(re.findall(r"\w+", text))


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


def left_out(baseline, lines, wanted):
    """The statements, by line number, with the words of them that nothing quotes."""
    # A choice explains a reading; only promises and what is said to be unverifiable cover a statement.
    by_line = quoted(cites((baseline.roles, baseline.links, baseline.absent, baseline.unverifiable)), lines)
    out = {}
    for number, text in statements(lines, wanted):
        spoken = by_line.get(number, [])
        missing = words(text) - set().union(*map(words, spoken))
        arrow = ARROW.match(text)
        if arrow and not any(arrow.group(0).split(":")[0] in phrase for phrase in spoken):
            missing.add(arrow.group(0))
        if missing:
            out[number] = sorted(missing)
    return out


@pytest.fixture(params=sorted(known()))
def baseline(request):
    return load_baseline(request.param)


def test_every_citation_is_true(baseline):
    lines = document_of(baseline)
    of = sections(lines)
    wrong = []
    for at in cites(baseline):
        if {of.get(number) for number in at.covered} != {at.section}:
            wrong.append(f"lines {at.lines} are not in section {at.section}")
        wrong += [f"line {at.lines} does not say {phrase!r}" for phrase in phrases(at)
                  if not any(phrase in lines[number - 1] for number in at.covered)]  # fmt: skip
        silent = [number for number in at.covered if not any(phrase in lines[number - 1] for phrase in phrases(at))]
        if silent and at.section in NORMATIVE.get(baseline.id, ()):
            wrong.append(f"lines {at.lines} are cited, but nothing is quoted from {sorted(silent)}")
    assert wrong == []


def test_nothing_stated_is_left_out(baseline):
    lines = document_of(baseline)
    assert left_out(baseline, lines, NORMATIVE[baseline.id]) == {}


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
    assert word in left_out(fewer, lines, NORMATIVE["cuggu"])[line]


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
    assert set(left_out(baseline.model_copy(update=kept), lines, NORMATIVE["cuggu"])) & arrow.covered


def test_the_past_is_said_to_be_superseded():
    baseline = load_baseline("cuggu")
    assert any(each.at.section == "1" and "supersede" in each.text for each in baseline.choices)
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
