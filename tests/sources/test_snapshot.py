"""A saved inventory gives back what was read, to the byte, and says clearly what is wrong with a bad file."""

import gzip

import pytest

from auditor.aws.requests import Failure, Request
from auditor.sources import snapshot
from auditor.sources.live import Place

PLACE = Place("111122223333", "aws", "us-east-1", ("ap-northeast-2", "us-east-1"))
REPLIES = {
    Request.of("111122223333", "us-east-1", "s3", "list_buckets", {}): {"Buckets": [{"Name": "한글"}]},
    Request.of("111122223333", "us-east-1", "s3", "get_bucket_policy", {"Bucket": "a"}): Failure(
        "AccessDenied", "denied", "no"
    ),
}


@pytest.mark.parametrize("name", ["inventory.jsonl", "inventory.jsonl.gz"])
def test_what_is_saved_is_read_back(tmp_path, name):
    target = tmp_path / name
    snapshot.save(target, PLACE, REPLIES)
    place, replay = snapshot.load(target)
    assert place == PLACE
    assert replay.ask(REPLIES) == REPLIES
    again = tmp_path / f"again-{name}"
    snapshot.save(again, place, dict(reversed(REPLIES.items())))
    assert again.read_bytes() == target.read_bytes()
    assert not list(tmp_path.glob("*.part"))


def test_a_call_that_was_not_recorded_is_a_failure_and_no_empty_answer(tmp_path):
    snapshot.save(tmp_path / "i", PLACE, {})
    _, replay = snapshot.load(tmp_path / "i")
    (request,) = (Request.of("1", "r", "s3", "list_buckets", {}),)
    assert replay.ask([request])[request].reason == "unsupported"


GOOD = b'{"format": "auditor-inventory/1", "account": "1", "partition": "aws", "home": "us-east-1", "regions": []}\n'
CALL = b'{"account": "1", "region": "r", "service": "s3", "operation": "list_buckets", "params": {}, '
BAD = {
    "empty": (b"", ":1: not a saved inventory"),
    "other": (b'{"a": 1}\n', ":1: not a saved inventory"),
    "text": (b"hello\n", ":1: not a saved inventory"),
    "head": (b'{"format": "auditor-inventory/1"}\n', ":1: the first line lacks 'account'"),
    "line": (GOOD + b"{]\n", ":2: not a recorded call"),
    "shape": (GOOD + b'{"account": "1"}\n', ":2: not a recorded call"),
    "deep head": (b"[" * 100_000 + b"]" * 100_000, ":1: nested too deeply"),
    "deep": (GOOD + b'{"a":' * 100_000 + b"1" + b"}" * 100_000, ":2: nested too deeply"),
    "null regions": (GOOD.replace(b"[]", b"null"), ":1: regions is not a list"),
    "null account": (GOOD.replace(b'"1"', b"null"), ":1: account is not a string"),
    "null answer": (GOOD + CALL + b'"answer": null}', ":2: not a recorded call: TypeError('answer is not an object')"),
    "list answer": (GOOD + CALL + b'"answer": []}', ":2: not a recorded call"),
    "null failure": (GOOD + CALL + b'"failure": null}', ":2: not a recorded call"),
    "another reason": (GOOD + CALL + b'"failure": {"code": "", "message": "", "reason": "x"}}', ":2: not a recorded"),
    "bytes": (b"\xff\xfe\x00", "cannot be read"),
    "torn": (gzip.compress(GOOD)[:30], "cannot be read"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_with_its_line(tmp_path, name):
    content, words = BAD[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(snapshot.BadSnapshot, match=name) as caught:
        snapshot.load(tmp_path / name)
    assert words in str(caught.value)


@pytest.mark.parametrize("text", ["a\u2028b", "a\u2029b", "a\x85b", "a\x0bb\x0cc\x1cd", "a\rb\r\nc"])
def test_no_character_of_a_description_ends_a_line(tmp_path, text):
    request = Request.of("111122223333", "us-east-1", "ec2", "describe_vpcs", {})
    snapshot.save(tmp_path / "i", PLACE, {request: {"Description": text}})
    assert snapshot.load(tmp_path / "i")[1].ask([request]) == {request: {"Description": text}}


def test_a_corrupted_archive_is_named(tmp_path):
    whole = bytearray(gzip.compress(GOOD * 50))
    for place in range(10, len(whole)):
        damaged = bytes(whole[:place]) + bytes([whole[place] ^ 0x55]) + bytes(whole[place + 1 :])
        (tmp_path / "i.gz").write_bytes(damaged)
        with pytest.raises(snapshot.BadSnapshot, match=r"i\.gz"):
            snapshot.load(tmp_path / "i.gz")
