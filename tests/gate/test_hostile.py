"""A pull request that was written against us: each attack ends within bounds, with an exit code that is not 0, and tells
nothing of what lies outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from auditor.sources.code import read_code
from auditor.sources.code_options import BadCode, CodeOptions
from tests.work import watchdog

MEGABYTES = 1_000
BUCKET = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"
GROUP = 'resource "aws_cloudwatch_log_group" "g" {\n  name = local.x\n}\n'
CALL = 'module "m{0}" {{\n  source = "{1}"\n}}\n'
LAUGHS = "A: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(66 + at)}: &{chr(98 + at)} [{', '.join(['*' + chr(97 + at)] * 9)}]\n" for at in range(8)
)
DOUBLED = "locals {\n  a0 = \"xxxxxxxx\"\n" + "".join(
    f'  a{at + 1} = "${{local.a{at}}}${{local.a{at}}}${{local.a{at}}}${{local.a{at}}}"\n' for at in range(16)
)  # fmt: skip


def put(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def levels(depth):
    """Modules of which each calls the next one twice."""
    out = {f"m{at}/a.tf": CALL.format(0, f"../m{at + 1}") + CALL.format(1, f"../m{at + 1}") for at in range(depth)}
    return {"a.tf": CALL.format(0, "./m0"), **out, f"m{depth}/a.tf": GROUP.replace("local.x", '"x"')}


def nested(fan, depth):
    stack = "  N{}:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: s{}.yaml}}\n"
    out = {f"s{at}.yaml": "Resources:\n" + "".join(stack.format(n, at + 1) for n in range(fan)) for at in range(depth)}
    return {**out, f"s{depth}.yaml": BUCKET}


def manifest(**properties):
    stack = {"type": "aws:cloudformation:stack", "properties": properties}
    return {"cdk.out/cdk.out": "{}", "cdk.out/manifest.json": json.dumps({"version": "36", "artifacts": {"S": stack}})}


REFUSED = {
    "a bomb of aliases": ({"a.yaml": LAUGHS + BUCKET}, "more than 400000 values"),
    "an alias of itself": ({"a.yaml": "Resources: &r\n  B: *r\n  C: {Type: AWS::S3::Bucket}\n"}, "refers to no anchor above it"),
    "brackets": ({"a.yaml": BUCKET + "x: " + "[" * 1_000_000}, "deeper than"),
    "dashes": ({"a.yaml": BUCKET + "x:\n  " + "- " * 300_000}, "deeper than"),
    "values": ({"a.yaml": BUCKET + "x: [" + "1," * 900_000 + "1]"}, "more than 400000 values"),
    "a key twice": ({"a.yaml": BUCKET + BUCKET}, "written twice"),
    "letters of another encoding": ({"a.yaml": BUCKET.encode() + b"# \xe9\n"}, "not UTF-8"),
    "UTF-16": ({"a.yaml": BUCKET.encode("utf-16")}, "not UTF-8; save it in that encoding"),
    "NUL": ({"a.yaml": BUCKET.encode() + b"#\0\n"}, "0x0 is not allowed"),
    "a name that is no text": ({os.fsdecode(b"a\xff.yaml"): BUCKET}, "not UTF-8; rename it"),
    "the same of Terraform": ({os.fsdecode(b"a\xff.tf"): GROUP}, "not UTF-8; rename it"),
    "a folder of that name": ({os.fsdecode(b"f\xff/a.tf"): GROUP}, "not UTF-8; rename it"),
    "stacks in stacks": (nested(20, 7), "nests more than"),
    "a deep stack": (nested(1, 12), "nested too deep"),
    "an assembly that points outside": (manifest(templateFile="../../secret.json"), "points outside the tree"),
    "an assembly of a folder": (manifest(templateFile="."), "is not a readable file"),
    "modules in modules": (levels(24), "more than 5,000 module calls"),
    "a module in itself": ({"a.tf": CALL.format(0, "./.")}, "calls itself"),
    "a module in itself, further down": ({"a.tf": CALL.format(0, "./m"), "m/a.tf": CALL.format(0, "../n"), "n/a.tf": CALL.format(0, "../m")}, "calls itself"),
    "half a file": ({"a.tf": 'resource "aws_vpc" "v" {\n'}, "a.tf:"),
    "values of variables that are none": ({"a.tf": GROUP, "terraform.tfvars": "x = ["}, "terraform.tfvars:1"),
}  # fmt: skip


def test_calls_that_read_files_hide_no_more_than_what_they_say(gate, tmp_path):
    """However many there are, the work grows with the text, and nothing else hangs on them."""
    with watchdog():
        ran = gate(
            put(
                tmp_path / "code",
                {"a.tf": 'variable "a" {}\nlocals {\n  x = [' + "file(var.a)," * 20_000 + "]\n}\n" + GROUP},
            )
        )
    assert ran.run["coverage"]["gaps"] == [], ran


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_and_no_search_for_its_end_has_none(name, gate, tmp_path):
    files, words = REFUSED[name]
    with watchdog():
        ran = gate(put(tmp_path / "code", files))
    assert (ran.code, ran.out) == (2, ""), ran
    assert words in ran.err, ran.err[-500:]


# Text that makes a careless search go back and forth; what is in it beside is read as ever.
SLOW = {
    "comments that nobody closes": {"a.tf": GROUP + "/*" * 300_000},
    "heredocs that nobody closes": {"a.tf": "locals {\n" + "".join(f"  x{at} = <<A{at}\n" for at in range(20_000))},
    "heredocs that never begin": {"a.tf": "locals {\n  x = " + "<<a" * 100_000},
    "heredocs of a long name": {"a.tf": "locals {\n  x = <<" + "a-" * 200_000},
    "comments before a bracket": {"a.tf": "locals {\n  x = " + "file/**/" * 5_000 + "\n}\n" + GROUP},
    "blank lines of variables": {"a.tf": 'variable "v" {}\n' + GROUP.replace("local.x", "var.v"), "terraform.tfvars": "\n" * 200_000},
    "schemes": {"a.yaml": BUCKET + "    Properties: {BucketName: '" + "a-" * 100_000 + "://'}\n"},
    "beginnings of keys": {"a.yaml": BUCKET + "    Properties: {BucketName: '" + "-----BEGIN PRIVATE KEY-----" * 20_000 + "'}\n"},
    "what is unknown": {"a.yaml": BUCKET + "    Properties: {BucketName: '${?" + " " * 100_000 + "'}\n"},
    "asterisks": {"a.yaml": "Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: b\n      PolicyDocument: {Statement: "
                  f"[{{Effect: Allow, Principal: '*', Action: '{'*a' * 3_000}b', Resource: 'arn:aws:s3:::{'*a' * 3_000}'}}]}}\n"},
    "hosts": {"a.yaml": "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {Environment: {Variables: {A: '" + "a." * 100_000 + "'}}}\n"},
    "open strings": {"plan.json": '{"format_version": "1.2", "terraform_version": "1.1.0", "x": "' + '\\"' * 300_000},
    "frames of a trace": manifest(templateFile="t.json") | {"cdk.out/t.json": '{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}'},
}  # fmt: skip


@pytest.mark.parametrize("name", SLOW)
def test_no_search_goes_back_and_forth(name, tmp_path):
    folder = put(tmp_path / "code", SLOW[name])
    if name == "frames of a trace":
        told = json.loads((folder / "cdk.out" / "manifest.json").read_text())
        trace = [{"type": "aws:cdk:logicalId", "data": "B", "trace": [" a" * 2_000] * 500}]
        told["artifacts"]["S"]["metadata"] = {f"/{at}": trace for at in range(20)}
        (folder / "cdk.out" / "manifest.json").write_text(json.dumps(told))
    try:
        with watchdog():
            read_code(folder / "plan.json" if name == "open strings" else folder, CodeOptions(region="eu-west-1"))
    except BadCode as refused:
        told = refused.lines
    else:
        told = ["read"]
    assert told


def started(folder):
    """The program as a user starts it: (exit code, words on stderr, megabytes of the largest process)."""
    with subprocess.Popen([sys.executable, "-m", "auditor", "gate", folder], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:  # fmt: skip
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    scale = 1_000_000 if sys.platform == "darwin" else 1_000
    return process.returncode, said.decode(), used.ru_maxrss / scale


@pytest.mark.parametrize(
    ("name", "text", "words", "most"),
    [
        ("a.yaml", BUCKET, "larger than 20480 KiB", MEGABYTES),
        ("a.tf", GROUP, "larger than 20,971,520 bytes", MEGABYTES),
        # The evaluator is a process of its own with a bound of its own.
        ("b.tf", DOUBLED + "  x = local.a16\n}\n" + GROUP, "needs too much memory", 2_200),
    ],
)
def test_memory_is_bounded(name, text, words, most, tmp_path):
    path = put(tmp_path / "code", {name: text}) / name
    if name.startswith("a."):
        with path.open("ab") as file:
            file.truncate(100 * 1024 * 1024)
    code, said, size = started(path.parent)
    assert (code, words in said) == (2, True), said
    assert size < most


def test_pipes_are_not_waited_for(gate, tmp_path):
    folder = put(tmp_path / "code", {"b.yaml": BUCKET})
    for name in ("a.yaml", "a.tf", "a.tf.json", "terraform.tfvars", "x.template"):
        os.mkfifo(folder / name)
    assert gate(folder).run["scan"]["resources"] == 1
    (folder / "b.yaml").unlink()
    ran = gate(folder)
    assert (ran.code, "neither Terraform nor a template" in ran.err) == (2, True), ran
    assert gate(folder / "a.yaml").code == 2


SECRET = 'resource "aws_cloudwatch_log_group" "hush" {\n  name = "hush-hush"\n}\n'


@pytest.mark.parametrize(
    "text",
    [
        # The words of the block stand in a comment before it.
        "/*\nmodule \"o\" {\n  source = \"AWAY\"\n}\n*/\nmodule \"o\" {\n  source = \"AWAY\"\n}\n",
        # A heredoc that seems to end, and a quote that seems to open a string around the block.
        "locals {\n  x = <<EOT\nEOT \"\nEOT\n}\nmodule \"o\" {\n  source = \"AWAY\"\n}\nlocals {\n  y = \"z\"\n}\n",
        'module "o" { source = "AWAY" }\n',
    ],
    ids=["comment", "heredoc", "line"],
)  # fmt: skip
def test_no_trick_of_the_text_leads_a_module_out(text, gate, tmp_path):
    put(tmp_path / "elsewhere", {"a.tf": SECRET})
    away = "./" + "../" * 12 + str(tmp_path / "elsewhere").lstrip("/")
    own = 'resource "aws_cloudwatch_log_group" "g" {\n  name = "own"\n}\n'
    ran = gate(put(tmp_path / "code", {"a.tf": text.replace("AWAY", away) + own}))
    assert "hush" not in ran.out
    assert ran.code in (2, 3)
    if ran.code == 3:
        assert "outside the tree" in ran.out
        places = [each["location"]["line"] for each in ran.run["findings"] if each.get("location")]
        assert all(line > text.count("\n") for line in places)


def test_a_local_module_that_is_not_there_is_a_gap(gate, tmp_path):
    own = 'resource "aws_cloudwatch_log_group" "g" {\n  name = "own"\n}\n'
    ran = gate(put(tmp_path / "code", {"a.tf": own + CALL.format(0, "./gone")}))
    assert ran.code == 3
    assert "a.tf:4: module.m0 comes from gone, which contains no Terraform" in ran.out


@pytest.mark.parametrize("words", ["--base=--output=x", "--base=-h", "--base=HEAD --all", "--base=main\nHEAD"])
def test_a_ref_is_never_an_option(repo, gate, words):
    repo.write("a.yaml", BUCKET)
    repo.branch()
    ran = gate(repo.path, words)
    assert ran.code == 3
    assert "is neither a path nor a ref" in ran.err
    assert sorted(each.name for each in repo.path.iterdir()) == [".git", "a.yaml"]


def test_what_a_repository_configures_starts_nothing(repo, gate, tmp_path):
    """Objects from elsewhere, a submodule, and pointers in place of files: told as missing or left out, never fetched."""
    repo.write("a.yaml", BUCKET)
    repo.write(".lfsconfig", "[lfs]\n  url = https://lfs.example.invalid\n")
    repo.write(".gitattributes", "*.yaml filter=lfs\n")
    repo.write("big.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12\n")
    repo.write(".gitmodules", '[submodule "sub"]\n  path = sub\n  url = ext::sh -c "touch ran"\n')
    repo.git("add", "-A")
    repo.git("update-index", "--add", "--cacheinfo", "160000", "1" * 40, "sub")
    repo.git("commit", "-qm", "base")
    repo.git("checkout", "-qb", "change")
    repo.git("config", "filter.lfs.smudge", f"touch {tmp_path}/ran")
    repo.git("config", "filter.lfs.process", f"touch {tmp_path}/ran")
    (repo.path / ".git" / "objects" / "info" / "alternates").write_text(f"{tmp_path}/nowhere\n")
    repo.write("b.yaml", BUCKET.replace("  B:", "  C:"))
    ran = gate(repo.path, "--base", "main")
    assert ran.code in (0, 1), ran.err
    assert {each["location"]["file"] for each in ran.run["findings"]} <= {"b.yaml"}
    assert not (tmp_path / "ran").exists()
    assert not (repo.path / "ran").exists()


EVIL = "\u202e@all <script>alert(1)</script> ](http://e.example) `x` | \u2066"


def test_names_of_strangers_steer_no_form(gate, tmp_path):
    """Control characters, turned letters and markup in the names of files and resources, in every form there is."""
    from auditor.report import formats

    opened = 'ingress {\n    from_port = 22\n    to_port = 22\n    protocol = "tcp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n}\n'
    group = f'resource "aws_security_group" "web" {{\n  name = "\\u001b[2J{EVIL}"\n  {opened}'
    folder = put(tmp_path / "code", {f"a\n\x1b[31m{EVIL.replace('/', '')}.tf": group})
    for form in formats():
        ran = gate(folder, "--format", form)
        assert ran.code == 1, (form, ran.err)
        assert not any(each in ran.out for each in ("\x1b", "\u202e", "\u2066")), form
        if form == "markdown":
            assert "<script" not in ran.out
            assert "@all" not in ran.out
        if form == "html":
            assert "<script>alert(1)" not in ran.out
    # Of the errors too; click itself takes only the colours out, and only where no terminal is.
    broken = put(tmp_path / "broken", {"b\u202ec.tf": "resource {"})
    for path, base in ((broken, ""), (broken / "gone\u202e", ""), (folder, tmp_path / "broken")):
        ran = gate(path, *(["--base", base] if base else []))
        assert ran.code in (2, 3)
        assert "\\u202e" in ran.err
        assert "\u202e" not in ran.err


DATABASE = 'resource "aws_db_instance" "d" {\n  engine = "postgres"\n  storage_encrypted = true\n  publicly_accessible = false\n}\n'
OVERRIDE = 'resource "aws_db_instance" "d" {\n  publicly_accessible = true\n}\n'


@pytest.mark.parametrize("name", ["override.tf", "a_override.tf", "z_override.tf"])
def test_an_override_file_changes_what_it_says_and_no_more(name, gate, tmp_path):
    ran = gate(put(tmp_path / "code", {"main.tf": DATABASE, name: OVERRIDE}))
    assert ran.code == 1
    checks = {each["check"] for each in ran.run["findings"] if each["verdict"] == "broken"}
    assert "database-not-public" in checks
    assert "database-encrypted" not in checks
    assert ran.run["coverage"]["complete"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.tf": OVERRIDE}, "is declared twice"),
        ({"a_override.tf": 'variable "x" {\n  default = 1\n}\n'}, "only resources are read from override files"),
        ({"a_override.tf": OVERRIDE.replace('"d"', '"e"')}, "overrides a resource that is not declared"),
        ({"a_override.tf.json": '{"resource": {"aws_db_instance": {"e": {"publicly_accessible": true}}}}'}, "overrides a resource that is not declared"),
        ({"main.tofu": OVERRIDE}, "is read only by Terraform"),
    ],
)  # fmt: skip
def test_what_is_laid_over_in_other_ways_is_a_gap(files, words, gate, tmp_path):
    ran = gate(put(tmp_path / "code", {"main.tf": DATABASE, **files}), "--fail-on", "never")
    assert ran.code == 3
    assert words in ran.out
