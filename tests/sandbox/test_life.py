"""The child process: it starts, ends always, and its copies are copies."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import boto3
import pytest

from auditor.sandbox import Sandbox, sandbox
from auditor.sandbox.server import SandboxFailed

ROOT = Path(__file__).parents[2]


def alive(pid: int) -> bool:
    """An ended process whose new parent has not taken note yet (a zombie) is not alive."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return not Path("/proc/self").exists()
    return state != "Z"


def gone(pid: int, looks: int = 3000) -> bool:
    """Whether a process ends while one looks, patiently."""
    for _ in range(looks):
        if not alive(pid):
            return True
        time.sleep(0.02)
    return False


def networks(box: Sandbox) -> int:
    return len(box.session_client("ec2").describe_vpcs()["Vpcs"])


def add_network(box: Sandbox) -> None:
    box.session_client("ec2").create_vpc(CidrBlock="10.0.0.0/16")


def test_starts_answers_and_is_gone_afterwards() -> None:
    with sandbox() as box:
        assert box.session_client("sts").get_caller_identity()["Account"] == box.account
    assert not alive(box.pid)
    with pytest.raises((SandboxFailed, OSError)):
        box.requests()


def test_is_gone_after_an_error_in_the_block() -> None:
    with pytest.raises(ZeroDivisionError), sandbox() as box:
        _ = 1 / 0
    assert not alive(box.pid)


def test_is_gone_when_its_starter_is_killed() -> None:
    """With a clone and a scratch copy under way, and no chance for the starter to clean up."""
    program = textwrap.dedent(
        """
        import time
        from auditor.sandbox import sandbox
        with sandbox() as box, box.clone() as copy, box.scratch():
            print(box.pid, copy.pid, box._control("ping")["pid"], flush=True)
            time.sleep(60)
        """
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert starter.stdout is not None
    with starter.stdout as out:
        pids = [int(pid) for pid in out.readline().split()]
    assert len(set(pids)) == 3
    assert all(alive(pid) for pid in pids)
    starter.kill()
    starter.wait()
    assert all(gone(pid) for pid in pids)


def test_a_clone_and_its_original_do_not_see_each_other(box: Sandbox) -> None:
    add_network(box)
    before = networks(box)
    with box.clone() as copy:
        assert copy.url != box.url
        assert networks(copy) == before
        add_network(copy)
        add_network(copy)
        add_network(box)
        assert (networks(box), networks(copy)) == (before + 1, before + 2)
    assert not alive(copy.pid)
    assert networks(box) == before + 1


def test_a_clone_begins_with_nothing_denied_and_nothing_logged(box: Sandbox) -> None:
    box.deny("ec2:DescribeVpcs")
    with box.clone() as copy:
        assert copy.requests() == []
        assert networks(copy) == 1


def test_clones_of_clones_end_with_the_first(box: Sandbox) -> None:
    with box.clone() as copy:
        add_network(copy)
        with copy.clone() as second:
            assert networks(second) == 2
    with sandbox() as other:
        orphan = other.clone()
    assert gone(orphan.pid)


def test_a_clone_is_made_in_the_middle_of_traffic(running: Sandbox) -> None:
    """Clients hammer the server while it is copied: every copy answers, and the original loses no request."""
    failures: list[BaseException] = []
    stop = threading.Event()

    def hammer() -> None:
        client = boto3.session.Session("testing", "testing").client(
            "ec2", endpoint_url=running.url, region_name="ap-northeast-2"
        )
        while not stop.is_set():
            try:
                client.describe_vpcs()
            except Exception as failed:  # noqa: BLE001
                failures.append(failed)
                return

    threads = [threading.Thread(target=hammer) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(10):
            with running.clone() as copy:
                assert networks(copy) == 1
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []


def test_a_scratch_block_is_undone_behind_the_same_url(running: Sandbox) -> None:
    url, before, logged = running.url, networks(running), len(running.requests())
    with running.scratch() as box:
        assert box.url == url
        assert box.requests() == []
        add_network(box)
        box.deny("ec2:DescribeSubnets")
        with box.scratch(), box.clone() as copy:
            add_network(box)
            assert (networks(box), networks(copy)) == (before + 2, before + 1)
        assert networks(box) == before + 1
    assert networks(running) == before
    assert running.session_client("ec2").describe_subnets()["Subnets"]
    assert len(running.requests()) == logged + 2


def test_a_scratch_block_ends_after_an_error_too(running: Sandbox) -> None:
    before = networks(running)

    def fail() -> None:
        with running.scratch():
            add_network(running)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert networks(running) == before


def test_reset_empties_the_account(box: Sandbox) -> None:
    add_network(box)
    box.deny("ec2:DescribeVpcs")
    box.session_client("cloudfront").create_origin_access_control(
        OriginAccessControlConfig={
            "Name": "x",
            "SigningProtocol": "sigv4",
            "SigningBehavior": "always",
            "OriginAccessControlOriginType": "s3",
        }
    )
    box.reset()
    assert box.requests() == []
    assert networks(box) == 1
    listed = box.session_client("cloudfront").list_origin_access_controls()["OriginAccessControlList"]
    assert listed["Quantity"] == 0


def test_identifiers_repeat_from_run_to_run(box: Sandbox) -> None:
    def build() -> list[str]:
        box.reset()
        ec2, kms = box.session_client("ec2"), box.session_client("kms")
        return [ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"], kms.create_key()["KeyMetadata"]["KeyId"]]

    assert build() == build()


def test_an_ordinary_client_needs_only_the_environment(box: Sandbox) -> None:
    """Another process, with a profile, credentials and a proxy of the user's own in its environment."""
    program = textwrap.dedent(
        """
        import boto3
        assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"
        block = {"BlockPublicAcls": True}
        control = boto3.client("s3control")
        control.put_public_access_block(AccountId="123456789012", PublicAccessBlockConfiguration=block)
        read = control.get_public_access_block(AccountId="123456789012")["PublicAccessBlockConfiguration"]
        assert read["BlockPublicAcls"] is True
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="plain", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
        s3.put_object(Bucket="plain", Key="a/b c", Body=b"x" * 5000, Metadata={"my_key": "v"})
        assert s3.get_object(Bucket="plain", Key="a/b c")["Body"].read() == b"x" * 5000
        assert s3.head_object(Bucket="plain", Key="a/b c")["ContentLength"] == 5000
        print("seen")
        """
    )
    theirs = {"AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": "AKIAREAL", "HTTP_PROXY": "http://127.0.0.1:9"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=box.environ(os.environ | theirs),
        check=False,
    )
    assert done.stdout == "seen\n", done.stderr


def test_control_refuses_what_it_does_not_know(box: Sandbox) -> None:
    with pytest.raises(SandboxFailed, match="refused to dance"):
        box._control("dance")
    with pytest.raises(SandboxFailed, match="nothing to restore"), box.clone() as copy:
        copy._control("restore")
