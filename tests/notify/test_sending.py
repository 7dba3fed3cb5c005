"""Channels from outside in: webhooks on this machine, SNS, SES and Secrets Manager on the simulator."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from auditor.aws.requests import CallFailed, Failure
from auditor.config.channels import Channel
from auditor.notify import NotTold, Ways, sample, send
from auditor.notify.sending import without
from auditor.posting import Post
from auditor.store import Store
from tests.notify.nights import finding, saved

SECRETS = ("T000SECRET", "B000SECRET", "S3CRETSIG", "k3y-of-ours")
SLACK, TEAMS = Channel(to="slack:env:HOOK"), Channel(to="teams:env:HOOK")
WEBHOOK = Channel(to="webhook:env:HOOK", key="env:KEY")


def ways(hook, waited=None, **more):
    environ = {"HOOK": hook.url if hook else "", "KEY": "k3y-of-ours", **more}
    return Ways(environ, post=Post((waited if waited is not None else []).append, tries=3), now=lambda: 1_767_225_600)


@pytest.mark.parametrize("channel", [SLACK, TEAMS, WEBHOOK], ids=lambda each: each.kind)
def test_a_webhook_gets_its_form(hook, channel):
    note = sample()
    assert send(note, channel, ways(hook)) == "ok"
    ((path, headers, body),) = hook.got
    assert path == "/services/T000SECRET/B000SECRET?sig=S3CRETSIG"
    assert headers["Content-Type"] == "application/json"
    assert note.id in body.decode()


def test_a_webhook_is_signed_over_time_and_body(hook):
    note = sample()
    send(note, WEBHOOK, ways(hook))
    ((_, headers, body),) = hook.got
    assert (headers["X-Auditor-Id"], headers["X-Auditor-Timestamp"]) == (note.id, "1767225600")
    wanted = hmac.new(b"k3y-of-ours", b"1767225600." + body, hashlib.sha256).hexdigest()
    assert headers["X-Auditor-Signature"] == f"v1={wanted}"


BUSY = {"once": [(500, "")], "too many": [(429, "")], "twice": [(503, ""), (502, "")], "200 and not taken": [
    (200, "Webhook message delivery failed with error: throttled")]}  # fmt: skip


@pytest.mark.parametrize("name", BUSY)
def test_a_busy_host_is_asked_again_with_the_same_id(hook, name):
    hook.answers = list(BUSY[name])
    waited = []
    assert send(sample(), WEBHOOK, ways(hook, waited)) == "ok"
    assert len(hook.got) == len(BUSY[name]) + 1
    assert len({headers["X-Auditor-Id"] for _, headers, _ in hook.got}) == 1
    assert len(waited) == len(BUSY[name])


REFUSED = {
    "it stays down": ([(500, "")] * 9, 3, "it answered 500"),
    "no such hook": ([(404, "no_service T000SECRET k3y-of-ours")] * 9, 1, "it answered 404 (no_service … …)"),
    "it leads elsewhere": ([(302, "")] * 9, 1, "it answered 302"),
    "it shows the address": ([(400, "/services/T000SECRET/B000SECRET\x1b[2J")] * 9, 1, "it answered 400 (…\\x1b[2J)"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_why_it_was_not_taken_is_told_without_a_secret(hook, name):
    hook.answers, tries, words = list(REFUSED[name][0]), *REFUSED[name][1:]
    with pytest.raises(NotTold) as error:
        send(sample(), WEBHOOK, ways(hook))
    assert str(error.value) == words
    assert len(hook.got) == tries
    assert not any(each in str(error.value) for each in SECRETS)
    assert error.value.__cause__ is None


URLS = {
    "http://hooks.example.com/services/T000SECRET": "not an https address",
    "htps://hooks.example.com/services/T000SECRET": "not an https address",
    "https://hooks.example.com/services/T000SECRET\nX: y": "the address is not a URL",
    "T000SECRET": "the address is not a URL",
    "https://[T000SECRET/": "the address is not a URL",
    "http://127.0.0.1:9/services/T000SECRET": "did not answer",
    "http://user:T000SECRET@127.0.0.1:9/": "did not answer",
    "": "the variable HOOK is empty",
}


@pytest.mark.parametrize("url", URLS)
def test_a_wrong_address_is_told_without_it(url):
    with pytest.raises(NotTold) as error:
        send(sample(), SLACK, ways(None, HOOK=url))
    assert URLS[url] in str(error.value)
    assert "T000SECRET" not in str(error.value)


def test_nothing_of_an_address_is_left_in_words():
    url = "https://user:pass1234@hooks.example.com/a-secret/x%2Fy-secret?sig=z%3Dsecret&more=w-secret#v-secret"
    said = without(
        f"{url} pass1234 /a-secret x/y-secret z=secret z%3Dsecret w-secret v-secret hooks.example.com", [url]
    )
    assert "secret" not in said
    assert "pass1234" not in said
    assert "hooks.example.com" in said


def test_a_message_that_cannot_be_made_is_a_reason_and_no_crash(hook, monkeypatch):
    monkeypatch.setattr("auditor.notify.forms.slack", lambda note: 1 / 0)
    with pytest.raises(NotTold, match="a defect of auditor, ZeroDivisionError"):
        send(sample(), SLACK, ways(hook))


class Denied:
    region = "eu-west-1"

    def call(self, region, service, operation, params):
        said = Failure("AuthorizationError", "denied", f"not authorized to perform: sns:Publish in {region}")
        raise CallFailed(operation, said)


def test_a_denied_publish_is_a_reason():
    channel = Channel(to="arn:aws:sns:us-west-2:123456789012:alerts")
    with pytest.raises(NotTold, match="not authorized to perform: sns:Publish in us-west-2"):
        send(sample(), channel, Ways({}, open=Denied))


# ---- on the simulator


@pytest.fixture
def topic(empty_account):
    """A topic with a queue that gets what is published."""
    sns, sqs = (empty_account.session_client(each, "us-east-1") for each in ("sns", "sqs"))
    arn = sns.create_topic(Name="alerts")["TopicArn"]
    url = sqs.create_queue(QueueName="alerts")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue)

    def received():
        got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(each["Body"]) for each in got]

    return arn, received


@pytest.mark.e2e
def test_a_sample_reaches_every_channel(auditor, empty_account, topic, hook):
    arn, received = topic
    secrets, mail = (empty_account.session_client(each, "us-east-1") for each in ("secretsmanager", "sesv2"))
    secret = secrets.create_secret(Name="hook", SecretString=hook.url)["ARN"]
    mail.create_email_identity(EmailIdentity="auditor@example.com")
    to = [arn, f"slack:{secret}", "webhook:env:HOOK,key=env:KEY", "mailto:a@example.com,sender=auditor@example.com,region=us-east-1",
          "mailto:a@example.org,sender=nobody@example.org,region=us-east-1"]  # fmt: skip
    words = [word for each in to for word in ("--notify", each)]
    ran = auditor("notify", "--test", *words, box=empty_account, env={"HOOK": hook.url, "KEY": "k3y-of-ours"})
    assert ran.code == 6, ran.err
    lines = ran.out.splitlines()
    assert [line.split()[0] for line in lines] == ["ok", "ok", "ok", "ok", "failed"], ran.out
    assert [line.split()[1] for line in lines] == [f"{each.split(',')[0]}:" for each in to]
    assert not any(each in ran.out + ran.err for each in SECRETS)
    (message,) = received()
    assert "This is a test" in message["Message"]
    assert message["Subject"].startswith("auditor: 1 new (info)")
    assert len(hook.got) == 2


@pytest.mark.e2e
def test_check_tells_what_changed_and_what_failed_waits(auditor, cuggu, hook, tmp_path):
    (tmp_path / "auditor.yaml").write_text(
        "baselines: [cuggu]\nno_rules: true\nnotify:\n"
        "  - to: slack:env:HOOK\n    for: {baselines: [cuggu], tags: [team=web]}\n"
        "  - to: slack:env:OTHER\n    for: {tags: [team=db]}\n",
        encoding="utf-8",
    )
    hooked = {"HOOK": hook.url, "OTHER": hook.url}
    ran = auditor("check", "--allow-incomplete", box=cuggu.box, env=hooked)
    assert (ran.code, hook.got) == (0, []), ran.err
    with cuggu.box.clone() as box:
        rds = cuggu.on(box).client("rds")
        rds.modify_db_instance(DBInstanceIdentifier=cuggu["database"], PubliclyAccessible=True, ApplyImmediately=True)
        (found,) = rds.describe_db_instances(DBInstanceIdentifier=cuggu["database"])["DBInstances"]
        rds.add_tags_to_resource(ResourceName=found["DBInstanceArn"], Tags=[{"Key": "team", "Value": "web"}])
        ran = auditor("check", "--no-notify", "--fail-on", "never", "--allow-incomplete", box=box, env=hooked)
        assert (ran.code, hook.got) == (0, []), ran.err
        hook.answers = [(403, "invalid_token")]
        ran = auditor("check", "--fail-on", "never", "--allow-incomplete", box=box, env=hooked)
        assert ran.code == 6, ran.err
        assert "not told: slack:env:HOOK: it answered 403 (invalid_token); 1 waits" in ran.err
    ran = auditor("notify", "--pending")
    assert (ran.code, "slack:env:HOOK  Since the run before: 1 new" in ran.out) == (6, True)
    ran = auditor("notify", env=hooked)
    assert ran.code == 0, ran.err
    assert hook.bodies[0]["text"] == hook.bodies[1]["text"]
    assert hook.bodies[1]["text"].startswith("auditor: 1 new (critical): Account")
    assert len(hook.got) == 2, "the other team hears nothing of it"
    assert auditor("notify", "--pending").code == 0
    assert not any(each in ran.out + ran.err for each in SECRETS)


# ---- the command beside the account


def test_without_a_channel_there_is_nothing_to_send(auditor):
    assert "no channel is configured" in auditor("notify").err
    assert auditor("notify", "--pending").code == 0


WRONG = {
    "slack:hook": "is no channel",
    "webhook:env:A": "needs `key`",
    "slack:env:A,key=env:B": "key is not for slack",
    "slack:env:A,kye=env:B": "kye=env:B is not understood",
    "slack:env:A\n": "is no channel",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_text_that_is_no_channel_is_refused(auditor, text):
    ran = auditor("notify", "--test", "--notify", text)
    assert ran.code == 2
    assert WRONG[text] in ran.err


def test_a_store_that_is_full_is_told(auditor, hook, tmp_path, monkeypatch):
    store = Store(tmp_path / "state" / "auditor")
    saved(store, 1, [finding("a")])
    (store.folder / "outbox").write_text("in the way")
    ran = auditor("notify", "--notify", "slack:env:HOOK", env={"HOOK": hook.url})
    assert ran.code == 6
    assert "error: nothing was told" in ran.err


def test_permissions_name_what_sending_takes(auditor):
    topic, secret = (
        "arn:aws:sns:eu-west-1:123456789012:a",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:h-AbCdEf",
    )
    to = [topic, f"webhook:env:A,key={secret}", f"slack:{secret}", "mailto:a@example.com,sender=b@example.com"]
    ran = auditor("permissions", "--rule", "bucket-encrypted", *(word for each in to for word in ("--notify", each)))
    _, *rest = json.loads(ran.out)["Statement"]
    assert [(each["Action"], each["Resource"]) for each in rest] == [
        (["sns:Publish"], [topic]), (["ses:SendEmail"], ["*"]), (["secretsmanager:GetSecretValue"], [secret]),
    ]  # fmt: skip
    assert len(json.loads(auditor("permissions", "--rule", "bucket-encrypted").out)["Statement"]) == 1
