"""A gap is told once with its reach, and ends a gate only where a verdict that was asked for hangs on it."""

import json

import jsonschema
import pytest

from auditor.settings import data_dir
from tests.gate.conftest import TF_CLOSED

REMOTE = 'module "db" {\n  source  = "terraform-aws-modules/rds/aws"\n  version = "6.0.0"\n}\n'
VPC = 'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\n'
DATA = 'data "external" "x" {\n  program = ["x"]\n}\n'


@pytest.mark.parametrize(
    "files",
    [
        {"main.tf": VPC},
        {"main.tf": 'variable "x" {\n  default = 1\n}\noutput "y" {\n  value = var.x\n}\n'},
        {"main.tf": 'data "aws_caller_identity" "me" {}\n'},
        {"main.tf": 'module "net" {\n  source = "./net"\n}\n', "net/main.tf": VPC},
        {"main.tf": TF_CLOSED.replace("{\n", "{\n  count = 0\n", 1)},
        {"t.yaml": "Resources:\n  V:\n    Type: AWS::EC2::VPC\n    Properties: {CidrBlock: 10.0.0.0/16}\n"},
    ],
    ids=["vpc", "outputs", "data", "wrapper", "off", "template"],
)
def test_code_with_nothing_to_judge_is_clean_and_says_so(files, gate, tmp_path):
    for name, text in files.items():
        (tmp_path / "code" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "code" / name).write_text(text)
    ran = gate(tmp_path / "code", "--rule", "database-not-public")
    assert (ran.code, ran.run["gate"]["judged"], ran.run["findings"]) == (0, 0, []), ran.err
    text = gate(tmp_path / "code", "--rule", "database-not-public", "--format", "text").out
    assert "Nothing in the code is of a type that the chosen rules and baselines check." in text


@pytest.mark.parametrize("files", [{}, {"README.md": "words"}, {"values.yaml": "a: 1\n"}])
def test_a_folder_without_code_is_a_slip(files, gate, tmp_path):
    (tmp_path / "code").mkdir()
    for name, text in files.items():
        (tmp_path / "code" / name).write_text(text)
    assert gate(tmp_path / "code").code == 2


def test_modules_are_told_once_with_their_reach(gate, tmp_path):
    (tmp_path / "main.tf").write_text(REMOTE + REMOTE.replace('"db"', '"more"'))
    ran = gate(tmp_path)
    assert (ran.code, ran.run["findings"]) == (3, [])
    jsonschema.validate(ran.run, json.loads((data_dir("reports") / "run.schema.json").read_text()))
    unread = ran.run["gate"]["unread"]
    assert [each["module"] for each in unread] == ["module.db", "module.more"]
    rules = len(unread[0]["rules"])
    assert rules == len(ran.run["scan"]["rules"])
    text = gate(tmp_path, "--format", "text").out
    assert f"2 modules could not be read: {rules} rules cannot be answered for what is inside" in " ".join(text.split())
    assert "unknown" not in text, "what is not known is no finding"


def test_the_last_of_many_modules_are_told_once_with_what_lets_them_be_read(gate, tmp_path):
    calls = "".join(f'module "m{at}" {{\n  source = "./m"\n}}\n' for at in range(40))
    (tmp_path / "m").mkdir()
    (tmp_path / "m/main.tf").write_text('resource "aws_kms_key" "k" {\n  enable_key_rotation = true\n}\n')
    (tmp_path / "main.tf").write_text(calls + REMOTE)
    ran = gate(tmp_path, "--rule", "keys-rotate")
    left = [each for each in ran.run["gate"]["unread"] if "gives up" in each["message"]]
    assert (ran.code, len(left) > 1) == (3, True), ran
    assert {each["cure"] for each in left} == {"pass a plan (--plan)"}
    text = " ".join(gate(tmp_path, "--rule", "keys-rotate", "--format", "text").out.split())
    assert f"{len(left)} modules could not be read: 1 rule cannot be answered" in text
    assert "1 module could not be read: 1 rule cannot be answered" in text, "another thing lets that one be read"
    assert text.count("the evaluator gives up") == min(len(left), 5)


def test_a_gap_that_no_chosen_rule_reads_is_a_line(gate, tmp_path):
    queue = 'resource "aws_sqs_queue" "q" {\n  for_each = aws_vpc.v.tags_all\n}\n'
    (tmp_path / "main.tf").write_text(TF_CLOSED + VPC + queue)
    ran = gate(tmp_path, "--rule", "database-not-public")
    assert ran.code == 0, ran.err
    (told,) = ran.run["gate"]["unread"]
    assert (told["count"], told["location"]) == (0, {"file": "main.tf", "line": 14})
    text = gate(tmp_path, "--rule", "database-not-public", "--format", "text").out
    assert "nothing that was asked reads it" in " ".join(text.split())
    assert gate(tmp_path, "--rule", "database-not-public", "--strict").code == 3
    assert gate(tmp_path, "--rule", "database-not-public", "--strict", "--allow-incomplete").code == 0


ALB = """\
resource "{0}" "front" {{
  internal           = false
  load_balancer_type = "application"
  subnets            = ["subnet-1", "subnet-2"]
}}
resource "{0}_target_group" "app" {{
  port = 80
  protocol = "HTTP"
  vpc_id = "vpc-1"
}}
resource "{0}_target_group_attachment" "one" {{
  target_group_arn = {0}_target_group.app.arn
  target_id = "i-0123456789abcdef0"
}}
resource "{0}_listener" "web" {{
  load_balancer_arn = {0}.front.arn
  port = 443
  protocol = "HTTPS"
  ssl_policy = "ELBSecurityPolicy-2016-08"
  certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/x"
  default_action {{
    type = "forward"
    target_group_arn = {0}_target_group.app.arn
  }}
}}
resource "{0}_listener_rule" "more" {{
  listener_arn = {0}_listener.web.arn
  priority = 1
  action {{
    type = "forward"
    target_group_arn = {0}_target_group.app.arn
  }}
  condition {{
    path_pattern {{
      values = ["/x"]
    }}
  }}
}}
"""


def test_aliases_of_types_are_read_alike(tmp_path):
    from auditor.graph.build import build
    from auditor.resources import load
    from auditor.sources.code import read_code
    from auditor.sources.code_options import CodeOptions

    def read(kind):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "main.tf").write_text(ALB.format(kind))
        found = read_code(tmp_path / kind, CodeOptions(region="us-east-1"))
        assert not found.not_described
        made = build(found, load())
        return json.dumps(
            [[(each.type, each.properties, sorted(each.unknown)) for each in found.resources],
             [(each.tail, each.relation, each.head) for each in made.edges()]], default=str,
        ).replace("aws_alb", "aws_lb")  # fmt: skip

    assert read("aws_lb") == read("aws_alb")


def test_what_is_not_described_is_counted_also_where_its_number_is_not_known(gate, tmp_path):
    many = 'resource "aws_athena_workgroup" "a" {\n  count = data.external.x.result.n\n  name = "x"\n}\n'
    (tmp_path / "main.tf").write_text(DATA + many + many.replace("athena_workgroup", "athena_database"))
    ran = gate(tmp_path)
    assert ran.code == 0
    assert ran.run["scan"]["not_described"] == {"aws_athena_database": 1, "aws_athena_workgroup": 1}
