"""A word that names nothing is no Terraform: refused with its place, and nothing else is taken for one."""

import pytest

from auditor.sources.code_options import BadCode, CodeOptions
from auditor.sources.terraform import read
from auditor.sources.terraform.words import words_of

BLOCK = 'resource "aws_security_group" "g" {\n  vpc_id = "vpc-1"\n  %s\n}\n'


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("x = foo", [(3, "foo")]),
        ("x = foo # why", [(3, "foo")]),
        ("x = [_block]", [(3, "_block")]),
        ('x = [\n    "a", # b\n    c-d,\n  ]', [(5, "c-d")]),
        ("x = toset(w)", [(3, "w")]),
        ("x = merge(var.a, b)", [(3, "b")]),
        ("ingress {\n    cidr_blocks = [_block]\n  }", [(4, "_block")]),
        ('dynamic "ingress" {\n    for_each = [u]\n    content {\n      x = v\n    }\n  }', [(4, "u"), (6, "v")]),
    ],
)
def test_words_that_name_nothing(said, found):
    assert list(words_of(BLOCK % said)) == found


@pytest.mark.parametrize(
    "said",
    [
        "x = true", "x = [null, false]", "x = var.foo", "x = [aws_vpc.a.id, local.b]", "x = f(each.value)",
        "x = [for a in var.b : a]", "x = { for a, b in var.c : a => f(b) if g(a) }", "x = { foo = 1, bar : 2 }",
        'x = "foo"', "x = <<-E\n    foo\n  E", 'x = "${foo}"', "# x = foo", "x = /* foo */ 1", "x = [\n    # foo\n  ]",
        "provider = aws", "provider = aws.west", "depends_on = [aws_vpc.a]", "x = var.a[*].id", "x = a.b[c.d]",
        "lifecycle {\n    ignore_changes = [tags, name]\n    replace_triggered_by = [a.b]\n  }",
        "lifecycle {\n    ignore_changes = all\n  }",
        'provisioner "local-exec" {\n    when = destroy\n    on_failure = continue\n  }',
        'dynamic "ingress" {\n    for_each = var.a\n    content {\n      x = ingress\n    }\n  }',
        'dynamic "ingress" {\n    for_each = var.a\n    iterator = it\n    content {\n      x = [it]\n    }\n  }',
    ],
)  # fmt: skip
def test_words_that_mean_something(said):
    assert words_of(BLOCK % said) == ()


@pytest.mark.parametrize(
    "text",
    [
        'variable "v" {\n  type = string\n}\n',
        'variable "v" {\n  type = map(object({ a = optional(string), b = list(any) }))\n}\n',
        'terraform {\n  required_version = ">= 1"\n}\n',
        "moved {\n  from = a_b.c\n  to   = a_b.d\n}\n",
        'provider "aws" {\n  region = x\n}\n',
        'module "m" {\n  source = "./m"\n  providers = {\n    aws = aws\n  }\n}\n',
    ],
)
def test_blocks_in_which_words_have_a_meaning(text):
    assert words_of(text) == ()


def test_a_rule_for_a_word_is_refused_with_its_place(repo, gate):
    rule = 'ingress {\n    from_port = 22\n    to_port = 22\n    protocol = "tcp"\n    cidr_blocks = [_block]\n  }'
    repo.write("envs/a/main.tf", BLOCK % rule)
    ran = gate(repo.path)
    assert ran.code == 2
    assert "envs/a/main.tf:7: `_block` names nothing" in ran.err


def test_of_folders_that_nothing_uses_no_word_is_refused(tmp_path):
    (tmp_path / "unused").mkdir()
    (tmp_path / "unused/main.tf").write_text(BLOCK % "x = foo")
    (tmp_path / "main.tf").write_text(BLOCK % "")
    assert len(read(tmp_path, CodeOptions()).resources) == 1
    (tmp_path / "call.tf").write_text('module "m" {\n  source = "./unused"\n}\n')
    with pytest.raises(BadCode, match=r"unused/main.tf:3"):
        read(tmp_path, CodeOptions())


def test_long_names_take_no_endless_search():
    assert words_of(BLOCK % f"{'a' * 60} = {{\n    x = 1\n  }}") == ()
