"""Texts that only the account completes: yes and no hold whatever the atoms stand for."""

import fnmatch
import random
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Symbolic
from auditor.model.symbolic import fits, same, wrapped

ACCOUNT, REGION, SUFFIX = "${@account}", "${@region}", "${@suffix}"


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("a", "a", True),
        ("a", "b", False),
        (ACCOUNT, ACCOUNT, True),
        (ACCOUNT, "${AWS::AccountId}", True),
        (ACCOUNT, "123456789012", None),
        (ACCOUNT, "12345678901", False),
        (ACCOUNT, "media", False),
        (f"arn:aws:iam::{ACCOUNT}:role/app", "arn:aws:iam::123456789012:role/app", None),
        (f"arn:aws:iam::{ACCOUNT}:role/app", "arn:aws:iam::123456789012:role/other", False),
        (f"arn:aws:iam::{ACCOUNT}:role/a", f"arn:aws:iam::{ACCOUNT}:role/b", False),
        ("${@zone:0}", "ap-northeast-2a", None),
        ("${@zone:0}", "${@zone:0}", True),
        ("${@zone:0}", "${@zone:1}", None),
        ("${@zone:0}", "ap-northeast-2", False),
        (REGION, "us-gov-west-1", None),
        (REGION, "somewhere", False),
        ("${@partition}", "aws-cn", None),
        ("${@partition}", "azure", False),
        (f"media-{SUFFIX}", f"media-{SUFFIX}", None),  # random letters are others each time
        (f"media-{SUFFIX}", "logs-7", False),
        (f"media-{SUFFIX}", "media-7", None),
        ("${aws_s3_bucket.b.id}", "${aws_s3_bucket.b.id}", True),
        ("${aws_s3_bucket.b.id}", "${aws_s3_bucket.c.id}", None),
        ('${aws_s3_bucket.b["a:b"].id}', "x", None),
        ("${? the plan does not say it}", "${? the plan does not say it}", None),
        ("${aws:username}", "ann", False),  # a variable of IAM is filled in at each request, and no atom
        ("${aws:username}", "${aws:username}", True),
    ],
)
def test_texts_are_equal_or_not_or_it_depends(one, other, equal):
    assert same(one, other) is equal
    assert same(other, one) is equal


@pytest.mark.parametrize(
    ("pattern", "text", "answer"),
    [
        ("*", "", True),
        ("a?c", "abc", True),
        ("a?c", "abbc", False),
        ("arn:aws:s3:::media-*", f"arn:aws:s3:::media-{SUFFIX}", True),
        ("arn:aws:s3:::logs-*", f"arn:aws:s3:::media-{SUFFIX}", False),
        ("arn:aws:s3:::media-1*", f"arn:aws:s3:::media-{SUFFIX}", None),
        (f"arn:aws:iam::{ACCOUNT}:role/*", f"arn:aws:iam::{ACCOUNT}:role/app", True),
        ("arn:aws:iam::123456789012:*", f"arn:aws:iam::{ACCOUNT}:role/app", None),
        (f"*{ACCOUNT}*", f"x{ACCOUNT}y", True),
        (f"role-{SUFFIX}", f"role-{SUFFIX}", None),
        ("${@region}*", "${@region}a", True),
    ],
)
def test_patterns_fit_or_not_or_it_depends(pattern, text, answer):
    assert fits(pattern, text) is answer


def test_a_text_with_atoms_says_so_and_stays_a_text():
    value = wrapped(f"media-{SUFFIX}")
    assert isinstance(value, Symbolic)
    assert value == f"media-{SUFFIX}"
    assert not isinstance(wrapped("${aws:username}"), Symbolic)
    assert wrapped(["${@account}"]) == ["${@account}"]


# ---- the law


def _legal(name, chance):
    """A random text that the atom may stand for."""
    region = chance.choice(["us-east-1", "ap-northeast-2", "us-gov-west-1", "mx-central-1"])
    if name == "@account":
        return "".join(chance.choice(string.digits) for _ in range(12))
    if name == "@region":
        return region
    if name.startswith("@zone"):
        return region + chance.choice("abc")
    if name == "@partition":
        return chance.choice(["aws", "aws-cn", "aws-us-gov"])
    return "".join(chance.choice("ab1-") for _ in range(chance.randint(0, 3)))


def _filled(texts, seed):
    """The texts with every atom replaced: the same atom by the same value, a fresh one by another each time."""
    chance, values = random.Random(seed), {}

    def value(hole):
        name = hole[1]
        if name == "@suffix" or name.startswith("?"):
            return _legal(name, chance)
        return values.setdefault(name, _legal(name, chance))

    return [re.sub(r"\$\{([^{}]*)\}", value, text) for text in texts]


atoms = st.sampled_from([ACCOUNT, REGION, SUFFIX, "${@partition}", "${@zone:0}", "${@zone:1}", "${b.a.id}", "${? why}"])
texts = st.lists(st.one_of(atoms, st.text("ab1:-", max_size=3)), max_size=4).map("".join)
patterns = st.lists(st.one_of(atoms, st.text("ab1:-*?", max_size=3)), max_size=4).map("".join)


@given(texts, texts, st.integers(0, 999))
def test_what_is_certain_of_equality_holds_for_every_value(one, other, seed):
    answer = same(one, other)
    left, right = _filled([one, other], seed)
    if answer is not None:
        assert (left == right) is answer


@given(patterns, texts, st.integers(0, 999))
def test_what_is_certain_of_a_pattern_holds_for_every_value(pattern, text, seed):
    answer = fits(pattern, text)
    wanted, found = _filled([pattern, text], seed)
    if answer is not None:
        assert fnmatch.fnmatchcase(found, wanted.replace("[", "[[]")) is answer


@given(texts, st.integers(0, 999))
def test_a_text_is_never_unlike_one_of_its_values(text, seed):
    assert same(text, _filled([text], seed)[0]) is not False
