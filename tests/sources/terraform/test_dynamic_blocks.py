"""Dynamic blocks before other blocks, of which the evaluator alone loses the last: none is lost, and lines stay right."""

from __future__ import annotations

import pytest

from auditor.sources.code_options import BadCode, CodeOptions
from auditor.sources.terraform.ends import as_written, with_ends
from auditor.sources.terraform.hcl import read as read_folder

RULES = """  dynamic "ingress" {{
    for_each = {ports}
    content {{
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["10.0.0.0/8"]
    }}
  }}
"""
OUT = '  egress {\n    from_port = 0\n    to_port = 0\n    protocol = "-1"\n  }\n'


def group(name, *parts):
    return f'resource "aws_security_group" "{name}" {{\n  name = "{name}"\n{"".join(parts)}}}\n'


def read(folder, *texts):
    (folder / "main.tf").write_text("".join(texts))
    raws, _ = read_folder(folder, CodeOptions(root=folder))
    return {raw.address.rpartition(".")[2]: raw for raw in raws}


def ports(raw):
    found = raw.values.get("ingress", [])
    return [each["from_port"] for each in (found if isinstance(found, list) else [found])]


@pytest.mark.parametrize("wanted", [[22], [22, 443], [1, 2, 3, 4, 5]], ids=len)
@pytest.mark.parametrize("after", [(OUT,), (OUT, OUT), (), (OUT, RULES.format(ports=[9]))], ids=len)
def test_no_rule_is_lost(tmp_path, wanted, after):
    found = read(tmp_path, group("web", RULES.format(ports=wanted), *after))["web"]
    more = [9] if RULES.format(ports=[9]) in after else []
    assert sorted(ports(found)) == sorted([*wanted, *more])
    assert set(found.values) <= {"name", "ingress", "egress"}


def test_lines_are_those_of_the_original(tmp_path):
    parts = [group(name, RULES.format(ports=[22]), OUT) for name in ("one", "two", "three")]
    found = read(tmp_path, *parts)
    lines = "".join(parts).splitlines()
    for name in ("one", "two", "three"):
        line = int(found[name].origin.rpartition(":")[2])
        assert lines[line - 1] == f'resource "aws_security_group" "{name}" {{'
        assert lines[found[name].lines["egress"] - 1].strip() == "egress {"
        assert lines[found[name].lines["name"] - 1].strip() == f'name = "{name}"'


@pytest.mark.parametrize(
    ("wanted", "made"),
    [("[1, 2, 3]", ["1", "2", "3"]), ("[7]", ["7"]), ("[]", []), ("var.none", []), ("var.some", ["8", "9"])],
)
def test_what_is_dynamic_inside_of_a_plain_block_is_made(tmp_path, wanted, made):
    """The evaluator alone makes nothing of it, which is not to say that there is none."""
    text = f"""variable "none" {{
  default = []
}}
variable "some" {{
  default = [8, 9]
}}
resource "aws_wafv2_web_acl" "this" {{
  rule {{
    name = "a"
    dynamic "exclude" {{
      for_each = {wanted}
      content {{
        name = exclude.value
      }}
    }}
    visibility_config {{
      metric_name = "a"
    }}
  }}
  name = "last"
}}
"""
    raw = read(tmp_path, text)["this"]
    rule = raw.values["rule"]
    (rule,) = rule if isinstance(rule, list) else [rule]
    found = rule.get("exclude", [])
    assert [str(each["name"]) for each in (found if isinstance(found, list) else [found])] == made
    assert rule["visibility_config"]
    assert text.splitlines()[raw.lines["name"] - 1] == '  name = "last"'
    assert text.splitlines()[raw.lines["rule"] - 1] == "  rule {"


def test_blocks_in_blocks_keep_their_own_iterators(tmp_path):
    """A plain block in a dynamic one of the same kind looks at that one's values."""
    text = """resource "aws_wafv2_web_acl" "this" {
  dynamic "statement" {
    for_each = ["outer"]
    content {
      statement {
        name = statement.value
        inner {
          dynamic "part" {
            for_each = ["a", "b"]
            content {
              name = "${statement.value}-${part.value}"
            }
          }
        }
      }
    }
  }
}
"""
    found = str(read(tmp_path, text)["this"].values)
    assert all(each in found for each in ("'name': 'outer'", "outer-a", "outer-b"))


def test_what_is_made_of_what_only_an_apply_tells_is_unknown(tmp_path):
    text = """data "aws_ip_ranges" "r" {
  services = ["ec2"]
}
resource "aws_wafv2_web_acl" "this" {
  rule {
    name = "a"
    dynamic "exclude" {
      for_each = data.aws_ip_ranges.r.cidr_blocks
      content {
        name = exclude.value
      }
    }
  }
}
"""
    assert "${? " in str(read(tmp_path, text)["this"].values["rule"]["exclude"])


def test_what_is_wrong_is_told_on_its_line(tmp_path):
    good = group("web", RULES.format(ports=[22]), OUT)
    (tmp_path / "main.tf").write_text(good + 'resource "aws_vpc" "x" {\n  cidr_block = = "10.0.0.0/16"\n}\n')
    line = len(good.splitlines()) + 2
    with pytest.raises(BadCode, match=rf"main\.tf:{line}\b"):
        read_folder(tmp_path, CodeOptions(root=tmp_path))


def test_nothing_is_put_where_nothing_is_lost():
    assert with_ends(group("web", OUT, RULES.format(ports=[22]))) == (group("web", OUT, RULES.format(ports=[22])), ())
    assert with_ends('locals {\n  dynamic = "x"\n}\n')[1] == ()
    assert as_written({"a": [{"auditor_end": {}, "b": 1}]}, {}) == {"a": [{"b": 1}]}
