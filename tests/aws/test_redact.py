"""Secrets do not come past the door, in whatever place or form; what is no secret stays as it is."""

import datetime as dt

import pytest

from auditor.aws.redact import REDACTED, plain

SECRET = [
    ({"Environment": {"Variables": {"DB": "postgres://u:p@h/db", "KEY": "k"}}}, {"Environment": {"Variables": {"DB": REDACTED, "KEY": REDACTED}}}),
    ({"UserData": "IyEv"}, {"UserData": REDACTED}),
    ({"MasterUserPassword": "x"}, {"MasterUserPassword": REDACTED}),
    ({"SecretString": "x"}, {"SecretString": REDACTED}),
    ({"Items": [{"HeaderName": "x-key", "HeaderValue": "s3cret"}]}, {"Items": [{"HeaderName": "x-key", "HeaderValue": REDACTED}]}),
    ({"item": [{"stageName": "prod", "variables": {"key": "s3cret"}}]}, {"item": [{"stageName": "prod", "variables": {"key": REDACTED}}]}),
    ({"Items": [{"StageName": "prod", "StageVariables": {"key": "s3cret"}}]}, {"Items": [{"StageName": "prod", "StageVariables": {"key": REDACTED}}]}),
    ({"methodIntegration": {"uri": "x", "requestParameters": {"integration.request.header.x-key": "'s3cret'"}}}, {"methodIntegration": {"uri": "x", "requestParameters": {"integration.request.header.x-key": REDACTED}}}),
    ({"Items": [{"RequestParameters": {"append:header.x-key": "s3cret"}}]}, {"Items": [{"RequestParameters": {"append:header.x-key": REDACTED}}]}),
    ({"Endpoint": "https://hooks.slack.com/services/T0/B0/abc"}, {"Endpoint": f"https://hooks.slack.com/{REDACTED}"}),
    ({"Url": "postgres://user:hunter2@db:5432/x"}, {"Url": f"postgres://user:{REDACTED}@db:5432/x"}),
    ({"VpnConnections": [{"CustomerGatewayConfiguration": "<pre_shared_key>x</pre_shared_key>"}]}, {"VpnConnections": [{"CustomerGatewayConfiguration": REDACTED}]}),
    ({"TunnelOptions": [{"PreSharedKey": "x", "TunnelInsideCidr": "169.254.44.0/30"}]}, {"TunnelOptions": [{"PreSharedKey": REDACTED, "TunnelInsideCidr": "169.254.44.0/30"}]}),
    ({"Text": "key AKIAABCDEFGHIJKLMNOP end"}, {"Text": f"key {REDACTED} end"}),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "kept"), SECRET)
def test_secrets_go(answer, kept):
    assert plain(answer) == kept


PLAIN = [
    {"PasswordPolicy": {"MinimumPasswordLength": 14, "ExpirePasswords": True}},
    {"FunctionName": "reset-password", "Handler": "index.password"},
    {"Variables": {"A": "b"}},
    {"MasterUserSecret": {"SecretArn": "arn:aws:secretsmanager:x"}},
    {"Endpoint": "https://example.com"},
    {"Endpoint": {"Address": "db.example.com", "Port": 5432}},
    {"FunctionUrl": "https://abc.lambda-url.ap-northeast-2.on.aws/"},
]


@pytest.mark.parametrize("answer", PLAIN)
def test_what_is_no_secret_stays(answer):
    assert plain(answer) == answer


def test_the_envelope_goes_and_times_become_text():
    moment = dt.datetime(2026, 2, 24, 3, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    assert plain({"ResponseMetadata": {"RequestId": "x"}, "At": moment}) == {"At": "2026-02-23T18:00:00Z"}
