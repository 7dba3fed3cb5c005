"""pingvas in code at the gate: the conforming Terraform passes, and changes to it are told where they were written."""

import shutil
from pathlib import Path

import pytest

CODE = Path(__file__).parents[1] / "code" / "pingvas_tf"
LATER = [
    "The VPN server has a public address",
    "The VPN server runs",
    "The load balancer forwards to the ingress controller's targets",
]
# file, what stands there, what it becomes, what is told, a text on the line that is pointed to
CHANGES = [
    ("network.tf", "cidr_blocks = var.listed", 'cidr_blocks = ["0.0.0.0/0"]', "vpn-group/listed", ""),
    ("network.tf", "  nat_gateway_id = aws_nat_gateway.this.id", "  gateway_id = aws_internet_gateway.this.id",
     "system-nodes/private", ""),
    ("cluster.tf", 'instance_types  = ["t4g.medium"]', 'instance_types  = ["m7g.large"]', "system-nodes/type", "instance_types"),
    ("cluster.tf", 'capacity_type   = "SPOT"', 'capacity_type   = "ON_DEMAND"', "gpu-nodes/spot", "capacity_type"),
    ("cluster.tf", "max_size     = 10", "max_size     = 40", "gpu-nodes/most", "scaling_config"),
    ("data.tf", '"17.4"', '"16.8"', "aurora/version", "engine_version"),
    ("data.tf", "backup_retention_period     = 7", "backup_retention_period     = 1", "aurora/backups", "backup_retention_period"),
    ("data.tf", '"cache.r6g.large"', '"cache.t3.micro"', "prod-redis/type", "node_type"),
    ("data.tf", "num_cache_clusters         = 3", "num_cache_clusters         = 2", "prod-redis/three", "num_cache_clusters"),
    ("data.tf", '"elastic"', '"bursting"', "files/throughput", "throughput_mode"),
    ("data.tf", "  resources    = [aws_efs_file_system.this.arn]", "  resources    = []", "files/backups", 'resource "aws_efs_file_system"'),
    ("data.tf", '    "/models/lora",\n', "", "lora", ""),
    ("edge.tf", "days          = 90", "days          = 30", "images-prod/glacier", ""),
    ("edge.tf", '"AES256"', '"aws:kms"', "assets/encrypted", ""),
    ("edge.tf", "  web_acl_id          = aws_wafv2_web_acl.edge.arn\n", "", "link/cdn-web-acl", ""),
    ("edge.tf", 'target_origin_id         = "alb"', 'target_origin_id         = "assets"', "cdn/api-path", ""),
    ("people.tf", '"jwt-secret", ', "", "token-secret", ""),
    ("people.tf", "cpu = 80", "cpu = 95", "cpu-alarm/threshold", "threshold"),
]  # fmt: skip


@pytest.fixture
def told(gate, tmp_path):
    def judge(file="", old="", new=""):
        shutil.copytree(CODE, tmp_path / "infra")
        if file:
            path = tmp_path / "infra" / file
            text = path.read_text()
            assert old in text
            path.write_text(text.replace(old, new))
        return gate(tmp_path / "infra", "--baseline", "pingvas")

    return judge


def test_conforming_terraform_passes(told):
    ran = told()
    assert (ran.code, ran.run["findings"]) == (0, [])
    assert ran.run["gate"]["later"] == LATER


@pytest.mark.parametrize(("file", "old", "new", "check", "at"), CHANGES, ids=[each[3] for each in CHANGES])
def test_a_change_is_told_where_it_was_written(told, file, old, new, check, at):
    ran = told(file, old, new)
    found = [
        each for each in ran.run["findings"] if each["check"] == f"pingvas/{check}" and each["verdict"] == "broken"
    ]
    assert found, [(each["check"], each["verdict"]) for each in ran.run["findings"]]
    if at:
        lines = (CODE / file).read_text().replace(old, new).split("\n")
        assert {f"{file}:{number}" for number, each in enumerate(lines, 1) if at in each} & set(ran.places)
