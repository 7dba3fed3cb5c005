"""glimpse in code at the gate: the conforming code passes, and a change to it is caught where it was written."""

import shutil
from pathlib import Path

import pytest

CODE = Path(__file__).parents[1] / "code" / "glimpse_tf"


def test_conforming_terraform_passes(gate):
    ran = gate(CODE, "--baseline", "glimpse")
    assert (ran.code, ran.run["findings"]) == (0, [])
    assert ran.run["gate"]["later"] == ["The certificate is issued"]


# file, what stands there, what is written instead, the promise, and the lines where it is reported
CHANGES = [
    ("ecs.tf", "weight            = 90", "weight            = 70", "service/spot"),
    ("ecs.tf", 'cpu                      = "256"', 'cpu                      = "512"', "task/cpu"),
    ("ecs.tf", "max_capacity       = 20", "max_capacity       = 50", "scaling-target/most"),
    ("ecs.tf", "target_value = 80", "target_value = 70", "scaling-policy/cpu"),
    ("data.tf", "allocated_storage          = 20", "allocated_storage          = 100", "database/storage"),
    ("data.tf", "backup_retention_period    = 7", "backup_retention_period    = 1", "database/backups"),
    ("data.tf", "num_cache_clusters         = 1", "num_cache_clusters         = 2", "redis/nodes"),
    ("edge.tf", 'locations        = ["KR"]', 'locations        = ["KR", "JP"]', "cdn/korea-only"),
    ("edge.tf", "groups = 14", "groups = 7", "cdn/groups"),
    ("edge.tf", 'protocol          = "HTTPS"', 'protocol          = "HTTP"', "listener/tls"),
    ("networking/main.tf", "source_dest_check           = false", "source_dest_check           = true", "nat/forwards"),
    ("networking/main.tf", '"t4g.nano"', '"t4g.small"', "nat/class"),
    ("networking/main.tf", "volume_size = 8", "volume_size = 30", "nat/disk"),
    ("main.tf", '"10.0.0.0/16"', '"10.8.0.0/16"', "vpc/addresses"),
    ("main.tf", '"ap-northeast-2c"', '"ap-northeast-2b"', "private-subnet-c/zone"),
    ("security.tf", "security_groups = [aws_security_group.ecs.id]", 'cidr_blocks     = ["0.0.0.0/0"]', "rds-group/rules"),
    ("security.tf", '"s3:DeleteObject"', '"s3:*"', "s3-policy/exact"),
    ("security.tf", 'Service = "ecs-tasks.amazonaws.com"', 'Service = "ec2.amazonaws.com"', "execution-role/trust"),
    ("watch.tf", "threshold           = 45", "threshold           = 80", "connections-alarm/threshold"),
    ("watch.tf", '[".", "FreeableMemory", ".", "."],', "", "dashboard/rds-memory"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "promise"), CHANGES, ids=[each[3] for each in CHANGES])
def test_a_change_breaks_its_promise(tmp_path, gate, file, old, new, promise):
    shutil.copytree(CODE, tmp_path / "infra")
    path = tmp_path / "infra" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    ran = gate(tmp_path / "infra", "--baseline", "glimpse", "--no-rules")
    broken = {each["check"] for each in ran.run["findings"] if each["verdict"] == "broken"}
    assert f"glimpse/{promise}" in broken, [each["title"] for each in ran.run["findings"]]
