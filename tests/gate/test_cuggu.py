"""cuggu in code at the gate: the conforming code passes, and a change to it is caught where it was written."""

import shutil
from pathlib import Path

import pytest

CODE = Path(__file__).parents[1] / "code"
LATER = ["The certificate is issued", "The topic has a confirmed subscription by e-mail or Slack"]


def test_conforming_terraform_passes(gate):
    ran = gate(CODE / "cuggu_tf", "--baseline", "cuggu")
    assert (ran.code, ran.run["findings"]) == (0, [])
    assert ran.run["gate"]["later"] == LATER


def test_conforming_templates_break_nothing(gate):
    """Only the certificate cannot be told: it is another stack's, in another region."""
    ran = gate(CODE / "cuggu_cfn", "--baseline", "cuggu")
    assert [each["check"] for each in ran.run["unanswered"]] == ["cuggu/link/cdn-certificate"]
    assert ran.run["findings"] == []
    assert (ran.code, ran.run["gate"]["later"]) == (3, LATER)


CHANGES = [
    ("cuggu_tf", "data.tf", "publicly_accessible             = false", "publicly_accessible             = true",
     ["cuggu/database/not-public", "database-not-public"]),
    ("cuggu_cfn", "template.yaml", "PubliclyAccessible: false", "PubliclyAccessible: true",
     ["cuggu/database/not-public", "database-not-public"]),
]  # fmt: skip


@pytest.mark.parametrize(("folder", "file", "old", "new", "checks"), CHANGES, ids=["terraform", "template"])
def test_a_change_is_caught_where_it_was_written(repo, gate, folder, file, old, new, checks):
    shutil.copytree(CODE / folder, repo.path / "infra")
    repo.branch()
    text = (repo.path / "infra" / file).read_text()
    assert old in text
    ran = gate(repo.path / "infra", "--base", "main", "--baseline", "cuggu")
    assert (ran.code, ran.run["findings"], ran.run["mended"]) == (0, [], [])
    line = next(number for number, each in enumerate(text.split("\n"), 1) if old in each)
    repo.write(f"infra/{file}", text.replace(old, new))
    repo.commit()
    ran = gate(repo.path / "infra", "--base", "main", "--baseline", "cuggu")
    assert ran.code == 1
    (found,) = ran.run["findings"]
    assert [found["check"], *(each["check"] for each in found["also"])] == checks
    assert set(ran.places) == {f"infra/{file}:{line}"}
    repo.git("checkout", "-qb", "mend")
    repo.write(f"infra/{file}", text)
    repo.commit()
    ran = gate(repo.path / "infra", "--base", "change", "--baseline", "cuggu")
    assert (ran.code, ran.run["gate"]["mended"]) == (0, 1)
