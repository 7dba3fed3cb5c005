"""OpenTofu's files: read like Terraform's, in place of those of the same name, and never to hide what Terraform reads."""

import json

import pytest

from tests.gate.conftest import TF_CLOSED, TF_OPENED

OTHER = TF_CLOSED.replace('"web"', '"other"')
OF_TERRAFORM = 'provider "registry.terraform.io/hashicorp/aws" {\n}\n'
OF_TOFU = 'provider "registry.opentofu.org/hashicorp/aws" {\n}\n'
INGRESS = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
IN_JSON = json.dumps({"resource": {"aws_security_group": {"web": {"vpc_id": "vpc-1", "ingress": [INGRESS]}}}})


@pytest.fixture
def ran(repo, gate):
    def judged(files, *words):
        for name, text in files.items():
            repo.write(name, text)
        found = gate(repo.path, "--rule", "ports-closed-to-world", *words)
        broken = [each for each in found.run["findings"] if each["verdict"] == "broken"]
        gaps = [each["message"] for each in found.run["coverage"]["gaps"] if each["reason"] == "unresolved"]
        return found.code, [f"{each['location']['file']}:{each['location']['line']}" for each in broken], gaps

    return judged


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"main.tofu": TF_OPENED}, "main.tofu:4"),
        ({"main.tf": OTHER, "web.tofu": TF_OPENED}, "web.tofu:4"),
        ({"main.tf": OTHER, "web.tofu.json": IN_JSON}, "web.tofu.json:1"),
        ({"envs/a/main.tofu": 'module "m" {\n  source = "../../m"\n}\n', "m/main.tofu": TF_OPENED}, "m/main.tofu:4"),
        ({".terraform.lock.hcl": OF_TOFU, "main.tf": TF_CLOSED, "main.tofu": TF_OPENED}, "main.tofu:4"),
        ({".terraform.lock.hcl": OF_TERRAFORM, "main.tf": TF_OPENED}, "main.tf:4"),
    ],
)
def test_files_of_opentofu_are_read_like_those_of_terraform(ran, files, place):
    assert ran(files) == (1, [place], [])


def test_an_override_may_be_of_opentofu(ran):
    opened = TF_OPENED.replace('  vpc_id = "vpc-1"\n', "")
    assert ran({"main.tofu": TF_CLOSED, "a_override.tofu": opened}) == (1, ["main.tofu:1"], [])


@pytest.mark.parametrize(
    ("lock", "code", "told"),
    [
        ("", 3, "main.tf: is read only by Terraform"),
        (OF_TERRAFORM + OF_TOFU, 3, "main.tf: is read only by Terraform"),
        (OF_TERRAFORM, 1, "main.tofu: is read only by OpenTofu"),
        (OF_TOFU, 0, ""),
    ],
)
def test_a_file_beside_one_of_its_name_hides_nothing_that_terraform_reads(ran, lock, code, told):
    found = ran({".terraform.lock.hcl": lock, "main.tf": TF_OPENED, "main.tofu": TF_CLOSED})
    assert (found[0], [told in each for each in found[2]]) == (code, [True] if told else [])


def test_the_base_has_such_files_too(repo, ran):
    repo.write("main.tofu", TF_OPENED)
    repo.branch()
    assert ran({"README.md": "x"}, "--base", "main")[:2] == (0, [])


def test_what_is_wrong_in_one_has_its_place(repo, gate):
    repo.write("envs/a/main.tofu", 'resource "aws_vpc" "a" {\n  cidr_block = = "10.0.0.0/16"\n}\n')
    found = gate(repo.path)
    assert found.code == 2
    assert "envs/a/main.tofu:2" in found.err
