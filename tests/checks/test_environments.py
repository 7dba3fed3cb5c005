"""One document, several environments: what is said for one of them only, and values that differ."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from auditor.checks import environments
from auditor.checks.baselines import load_baseline, spelled, with_values
from auditor.checks.yaml import DefinitionError, read

ROOT = Path(__file__).parents[2]

TEXT = """
title: The shop
document: {title: A page, file: page.md, updated: 2026-01-01}
regions: ["${region}"]
parameters:
  environment: {default: dev, values: [dev, prod]}
  region: {default: eu-central-1}
roles:
  gone:
    type: AWS::EC2::VPC
    only: {environment: dev}
    means: Something of dev
    at: {section: 1, lines: 1, text: a network}
  database:
    type: AWS::RDS::DBInstance
    count: {by: environment, dev: "1", prod: 1-2}
    means: The database of ${environment}
    at: {section: 1, lines: 1, text: a database}
    require:
      - {id: only-dev, only: {environment: [dev]}, property: Engine, is: postgres}
      - {id: name, property: DBName, is: 'shop_${environment}'}
      - {id: backup, property: BackupRetentionPeriod, is: {gte: {by: environment, dev: 7, prod: 30}}}
links:
  - {id: a, only: {environment: dev}, title: a, from: gone, to: gone, relation: placed-in, at: {section: 1, lines: 1, text: x}}
  - {id: b, title: b, from: database, to: database, relation: placed-in, at: {section: 1, lines: 1, text: x}}
"""


@pytest.fixture
def shop(tmp_path):
    def written(text=TEXT):
        (tmp_path / "shop.yaml").write_text(text)
        return tmp_path

    return written


def promises(baseline):
    return {entry.id: entry.wanted for role in baseline.roles.values() for entry in role.require}


@pytest.mark.parametrize("name", ["shop:prod,region=us-east-1", "shop:environment=prod,region=us-east-1"])
def test_each_field_may_depend_on_the_environment(shop, name):
    dev = load_baseline("shop", [shop()])
    assert (dev.id, dev.regions, list(dev.roles)) == ("shop", ("eu-central-1",), ["gone", "database"])
    assert promises(dev) == {"only-dev": "postgres", "name": "shop_dev", "backup": {"gte": 7}}
    assert [each.id for each in dev.links] == ["a", "b"]
    if name == "shop:prod,region=us-east-1":
        with pytest.raises(DefinitionError, match="baseline shop has several parameters; write shop:NAME=prod"):
            load_baseline(name, [shop()])
        return
    prod = load_baseline(name, [shop()])
    assert (prod.id, prod.regions) == ("shop:environment=prod,region=us-east-1", ("us-east-1",))
    assert promises(prod) == {"name": "shop_prod", "backup": {"gte": 30}}
    assert (list(prod.roles), prod.roles["database"].count) == (["database"], "1-2")
    assert [each.id for each in prod.links] == ["b"]


def test_an_editor_takes_what_depends_on_the_environment(shop):
    schema = json.loads((ROOT / "schemas" / "baseline.schema.json").read_text(encoding="utf-8"))
    document = read(shop() / "shop.yaml")
    assert [each.message for each in jsonschema.Draft202012Validator(schema).iter_errors(document.value)] == []


def test_a_single_parameter_needs_no_name_and_its_default_no_suffix(shop):
    text = TEXT.replace("  region: {default: eu-central-1}\n", "").replace('"${region}"', "eu-central-1")
    assert load_baseline("shop:prod", [shop(text)]).id == "shop:prod"
    assert load_baseline("shop:dev", [shop(text)]).id == load_baseline("shop", [shop(text)]).id == "shop"
    path = shop(text) / "shop.yaml"
    assert load_baseline(f"{path}:prod").id == "shop:prod"
    assert environments.from_anywhere(f"{path}:prod") == f"{path}:prod"


WRONG = [
    ("shop:region=eu-west-1,stage=prod", TEXT, "baseline shop has no parameter `stage`; known: environment, region"),
    ("shop:environment=pord", TEXT, "baseline shop: `pord` is not a value of `environment`; did you mean `prod`?"),
    ("shop", TEXT.replace("_${environment}", "_${env}"), r"shop.yaml:21:42: roles.database.require[1].is: `${env}` is"),
    ("shop", TEXT.replace(", prod: 30", ""), "shop.yaml:22:65: roles.database.require[2].is.gte: has no value for"),
    ("shop", TEXT.replace("[dev]}", "[dve]}"), "shop.yaml:20:44: roles.database.require[0].only.environment: `dve` is"),
    ("shop", TEXT.replace("{by: environment, dev: 7", "{by: env, dev: 7"), "`env` is not a parameter of this baseline"),
    (
        "shop",
        TEXT.replace("{default: dev, values", "{default: stage, values"),
        "parameters.environment.default: `stage`",
    ),
    ("shop", TEXT.replace("prod: 30", "prdo: 30"), "`prdo` is not a value of `environment`; did you mean `prod`?"),
    (
        "shop:environment=qa,region=us-east-1",
        TEXT.replace(", values: [dev, prod]", ""),
        "has no value for environment `qa`",
    ),
    # The place of a mistake is the file's, also behind entries that are not there in this environment.
    ("shop:environment=prod", TEXT.replace("DBName", "DbName"), "shop.yaml:21:30: roles.database.require[0].property"),
]


@pytest.mark.parametrize(("name", "text", "told"), WRONG)
def test_mistakes_are_told_at_their_place(shop, name, text, told):
    with pytest.raises(DefinitionError) as error:
        load_baseline(name, [shop(text)])
    assert told in str(error.value)


def test_values_go_to_the_baselines_that_have_the_parameter(shop):
    folder = shop()
    assert with_values(("cuggu", "shop"), {"environment": "prod"}, [folder]) == ("cuggu", "shop:environment=prod")
    assert with_values(("shop:environment=dev",), {"environment": "prod"}, [folder]) == ("shop:environment=dev",)
    named = with_values(("shop:region=us-east-1",), {"environment": "prod"}, [folder])
    assert load_baseline(named[0], [folder]).id == "shop:environment=prod,region=us-east-1"
    with pytest.raises(DefinitionError, match="no chosen baseline has a parameter `stage`"):
        with_values(("cuggu", "shop"), {"stage": "prod"}, [folder])


def test_one_choice_has_one_spelling(shop):
    folder = shop()
    alike = ["shop:environment=prod", "shop:region=eu-central-1,environment=prod"]
    assert {spelled(each, [folder]) for each in alike} == {"shop:environment=prod"}
    assert {spelled(each, [folder]) for each in ("shop", "shop:environment=dev")} == {"shop"}
    path = folder / "shop.yaml"
    assert spelled(f"{path}:environment=prod") == f"{path}:environment=prod"


@pytest.mark.parametrize(
    ("text", "name", "given"),
    [
        ("cuggu", "cuggu", {}),
        ("a:b", "a", {"": "b"}),
        ("a:x=1,y=2", "a", {"x": "1", "y": "2"}),
        ("d:/mine/a.yaml", "d:/mine/a.yaml", {}),
        ("d:/mine/a.yaml:prod", "d:/mine/a.yaml", {"": "prod"}),
        ("a:prefix=x/y", "a", {"prefix": "x/y"}),
        ("a:image=repo:tag,arn=arn:aws:s3:::x", "a", {"image": "repo:tag", "arn": "arn:aws:s3:::x"}),
        ("a:cidrs=10.0.0.0/8,11.0.0.0/8,zone=a", "a", {"cidrs": "10.0.0.0/8,11.0.0.0/8", "zone": "a"}),
        ("mine/a.yaml:prod", "mine/a.yaml", {"": "prod"}),
    ],
)
def test_how_a_baseline_is_asked_for(text, name, given):
    assert environments.asked(text) == environments.Asked(name, given)
