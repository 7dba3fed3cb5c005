"""Files of code are read alike by everybody, however they are encoded."""

import os

import pytest

from auditor.model import code_line
from auditor.sources.code_options import CodeOptions
from auditor.sources.excerpt import Excerpts
from auditor.sources.feeds import Feeds
from auditor.sources.main_file import Places
from auditor.sources.roots import roots_of
from auditor.sources.texts import text_of

CALL = 'module "m" {\n  source = "./m"\n}\n'
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_encoding_changes_nothing(encoding, tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "main.tf").write_bytes(CALL.encode(encoding))
    (tmp_path / "m" / "main.tf").write_bytes('resource "aws_sns_topic" "t" {}\n'.encode(encoding))
    assert text_of(tmp_path / "main.tf") == CALL
    assert [each.name for each in roots_of(tmp_path, CodeOptions())] == ["."]
    assert Places(tmp_path, tmp_path).of("module.m.aws_sns_topic.t") == "main.tf:1"
    assert [each["text"] for each in Excerpts(tmp_path).at({"file": "main.tf", "line": 2})] == ['  source = "./m"']
    assert Feeds(tmp_path, tmp_path).of("main.tf:2").own == {"source": '"./m"'}


def test_only_ordinary_files_have_a_text(tmp_path):
    (tmp_path / "odd").write_bytes(b"a\xffb")
    os.mkfifo(tmp_path / "pipe")
    assert text_of(tmp_path / "odd") == "a\N{REPLACEMENT CHARACTER}b"
    for name in ("pipe", "", "none", "a\0b", "x" * 300):
        assert text_of(tmp_path / name) is None


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("main.tf:3", ("main.tf", 3)),
        ("a:b.tf:3", ("a:b.tf", 3)),
        ("main.tf", None),
        (":3", None),
        ("main.tf:", None),
        ("main.tf:\N{SUPERSCRIPT TWO}", None),
        ("arn:aws:s3:::b", None),
    ],
)
def test_a_place_is_a_file_and_a_line(place, expected):
    assert code_line(place) == expected
