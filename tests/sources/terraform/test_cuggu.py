"""cuggu as Terraform keeps the document as the live account does, from a plan and from the directory alone."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from pathlib import Path

import pytest

from auditor import pipeline
from auditor.graph.build import build
from auditor.model import paths
from auditor.resources import load
from auditor.sources.code import read_code
from auditor.sources.code_options import CodeOptions
from auditor.sources.opened import Source
from auditor.sources.terraform import read
from tests.code.mutations import MUTATIONS
from tools.plans import plan_file

CODE = Path(__file__).parents[2] / "code"
TREE, PLAN = CODE / "cuggu_tf", plan_file("code/cuggu")
# What no code says: whether AWS has issued the certificate, and whether people have confirmed their subscriptions.
UNSAID = {"cuggu/certificate/issued", "cuggu/topic/reaches-people"}
# A plan names the references in a policy and in a function's environment, not the text around them; and of the private
# subnets, which a module gives as a list, only that the list is made of them. The code beside it says the rest.
UNSAID_BY_PLAN = UNSAID | {
    "cuggu/server/no-keys",
    "cuggu/link/server-images",
    "cuggu/link/cdn-static",  # whether the policy of the bucket lets the distribution read
    "cuggu/link/cleanup-images",
    "cuggu/link/image-cdn-images",
    "bucket-policy-not-public",
    "no-administrator-policies",
    "cuggu/database/private",
    "cuggu/database/standby-prepared",
    "cuggu/link/cleanup-proxy",
    "cuggu/link/group-private-a",
    "cuggu/link/group-private-c",
    "cuggu/link/proxy-database",
    "cuggu/link/proxy-in-private-a",
    "cuggu/link/server-nat",
    "cuggu/link/server-proxy",
    "cuggu/proxy/private",
    "cuggu/server/egress",
    "cuggu/server/private",
    "database-in-private-subnets",
}


def judged(path, plan=None):
    wish = pipeline.Wish(baselines=("cuggu",))
    chosen = pipeline.definitions(wish)
    inventory = read_code(path, CodeOptions(), plan)
    source = Source(None, None, Counter(), "terraform")
    return pipeline.conclude(wish, chosen, source, inventory, dt.datetime.now(dt.UTC))


def told(outcome, verdict):
    return {
        f"{each.check} {each.resource.id} {each.property}: {each.because}"
        for each in outcome.findings
        if each.verdict == verdict
    }


@pytest.mark.parametrize(
    ("path", "plan", "unsaid", "most"),
    [(TREE, None, UNSAID, 98), (TREE, PLAN, UNSAID, 98), (PLAN, None, UNSAID_BY_PLAN, 81)],
    ids=["directory", "plan-and-directory", "plan"],
)
def test_code_keeps_every_promise_that_code_can_say(path, plan, unsaid, most):
    outcome = judged(path, plan)
    assert told(outcome, "broken") == set()
    assert {each.check for each in outcome.findings if each.verdict == "unknown"} <= unsaid
    verdicts = Counter(each.verdict for each in outcome.promises)
    assert set(verdicts) == {"kept", "unknown", "unverifiable"}
    assert verdicts["kept"] == most


def test_every_unknown_says_why():
    for path in (TREE, PLAN):
        for each in read(path, CodeOptions()).resources:
            assert all(gap.message and gap.reason == "unresolved" for gap in each.unknown.values()), each.key


# Where the directory does not say what the provider adds, or says with an attribute what a plan says without.
SPELLED = {"DistributionConfig", "ConnectionPoolConfigurationInfo", "Role"}


def test_plan_and_directory_are_the_same_resources():
    inventories = [read(path, CodeOptions()) for path in (PLAN, TREE)]
    plan, tree = ({each.key: each for each in inventory.resources} for inventory in inventories)
    assert plan.keys() == tree.keys()
    for key, one in plan.items():
        other = tree[key]
        unsure = {paths.top(path) for path in (*one.unknown, *other.unknown)} | SPELLED
        mine = {name: value for name, value in one.properties.items() if name not in unsure}
        theirs = {name: value for name, value in other.properties.items() if name not in unsure}
        assert {name for name in mine.keys() & theirs.keys() if mine[name] != theirs[name]} == set(), key


def test_plan_and_directory_draw_the_same_edges():
    known = []
    for path, plan in ((PLAN, None), (TREE, PLAN), (TREE, None)):
        graph = build(read_code(path, CodeOptions(), plan), load())
        known.append({(edge.tail, edge.relation, edge.head) for edge in graph.edges()})
    alone, beside, tree = known
    assert beside == tree
    assert len(tree) > 100
    missing = {(head.partition("AWS::")[2].partition("/")[0], relation) for _, relation, head in tree - alone}
    assert alone <= tree
    assert missing == {("EC2::Subnet", "placed-in"), ("EC2::VPC", "placed-in")}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_mutation_is_found_at_its_line(mutation, tmp_path):
    tree = tmp_path / "code"
    shutil.copytree(TREE, tree)
    text = (tree / mutation.file).read_text()
    assert mutation.old in text
    (tree / mutation.file).write_text(text.replace(mutation.old, mutation.new, 1))
    outcome = judged(tree)
    broken = [
        each for each in outcome.findings if each.verdict == mutation.verdict and each.check.startswith(mutation.check)
    ]
    assert broken, told(outcome, "broken") | told(outcome, "unknown")
    where = mutation.where or mutation.file
    lines = (tree / where).read_text().splitlines()
    places = set()
    for each in broken:
        top = each.property.split(".")[0].split("[")[0]
        file, _, line = each.resource.places.get(top, each.resource.origin).rpartition(":")
        places.add((file, lines[int(line) - 1].strip() if file == where else line))
    assert any(file == where and line.startswith(mutation.at.strip()) for file, line in places), places
