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
    ({"UserPoolClient": {"ClientId": "c", "ClientSecret": "s3cret"}}, {"UserPoolClient": {"ClientId": "c", "ClientSecret": REDACTED}}),
    ({"AlternateContact": {"Name": "Kim", "PhoneNumber": "+82 2 000"}}, {"AlternateContact": {"Name": REDACTED, "PhoneNumber": REDACTED}}),
    # What stacks of CloudFormation are given and give.
    ({"Stacks": [{"Parameters": [{"ParameterKey": "Login", "ParameterValue": "s3cret"}], "Outputs": [{"OutputKey": "Token", "OutputValue": "s3cret"}]}]}, {"Stacks": [{"Parameters": [{"ParameterKey": "Login", "ParameterValue": REDACTED}], "Outputs": [{"OutputKey": "Token", "OutputValue": REDACTED}]}]}),
    # EventBridge and Scheduler hand texts of people to their targets.
    ({"Targets": [{"Id": "1", "Arn": "a", "Input": '{"password": "s3cret"}'}]}, {"Targets": [{"Id": "1", "Arn": "a", "Input": REDACTED}]}),
    ({"Targets": [{"InputTransformer": {"InputPathsMap": {"a": "$.x"}, "InputTemplate": "token s3cret <a>"}}]}, {"Targets": [{"InputTransformer": {"InputPathsMap": {"a": "$.x"}, "InputTemplate": REDACTED}}]}),
    ({"Targets": [{"HttpParameters": {"HeaderParameters": {"x-key": "s3cret"}, "QueryStringParameters": {"key": "s3cret"}, "PathParameterValues": ["s3cret", "b"]}}]}, {"Targets": [{"HttpParameters": {"HeaderParameters": {"x-key": REDACTED}, "QueryStringParameters": {"key": REDACTED}, "PathParameterValues": [REDACTED, REDACTED]}}]}),
    ({"Name": "nightly", "Target": {"Arn": "a", "Input": "s3cret"}}, {"Name": "nightly", "Target": {"Arn": "a", "Input": REDACTED}}),
    # Webhooks: credentials, path and query.
    ({"Endpoint": "https://user:s3cret@example.com"}, {"Endpoint": f"https://user:{REDACTED}@example.com"}),
    ({"Endpoint": "https://user:s3cret@example.com/hook"}, {"Endpoint": f"https://user:{REDACTED}@example.com/{REDACTED}"}),
    ({"Endpoint": "https://user:s3@cret@example.com:8443"}, {"Endpoint": f"https://user:{REDACTED}@example.com:8443"}),
    ({"Endpoint": "https://s3cret@example.com"}, {"Endpoint": f"https://{REDACTED}@example.com"}),
    ({"Endpoint": "https://example.com?token=s3cret"}, {"Endpoint": f"https://example.com/{REDACTED}"}),
    ({"Endpoint": "https://example.com/?token=s3cret"}, {"Endpoint": f"https://example.com/{REDACTED}"}),
    # URLs inside texts.
    ({"Url": "postgres://user:p@ss@w0rd@db:5432/x"}, {"Url": f"postgres://user:{REDACTED}@db:5432/x"}),
    ({"Url": "postgres://user:p/a?s#s@db/x"}, {"Url": f"postgres://user:{REDACTED}@db/x"}),
    ({"Url": "redis://:s3cret@cache:6379"}, {"Url": f"redis://:{REDACTED}@cache:6379"}),
    ({"Text": "amqp://u:a@b@h1,amqp://u:c@d@h2"}, {"Text": f"amqp://u:{REDACTED}@h1,amqp://u:{REDACTED}@h2"}),
    ({"Text": '{"db":"mysql://u:p@q@h/x","mail":"me@example.com"}'}, {"Text": f'{{"db":"mysql://u:{REDACTED}@h/x","mail":"me@example.com"}}'}),
    ({"Text": "git clone https://ghp_s3cret@github.com/a/b"}, {"Text": f"git clone https://{REDACTED}@github.com/a/b"}),
    ({"Text": "see https://h/x?a=1&access_token=s3cret#top"}, {"Text": f"see https://h/x?a=1&access_token={REDACTED}#top"}),
    ({"Text": "https://h/x?X-Amz-Signature=s3cret&X-Amz-Security-Token=s3cret"}, {"Text": f"https://h/x?X-Amz-Signature={REDACTED}&X-Amz-Security-Token={REDACTED}"}),
    ({"Text": "https://h?client_secret=s3cret&page=2&refresh_token=s3cret"}, {"Text": f"https://h?client_secret={REDACTED}&page=2&refresh_token={REDACTED}"}),
    ({"Text": "https://h/back#accessToken=s3cret"}, {"Text": f"https://h/back#accessToken={REDACTED}"}),
    ({"Text": "https://h/x?AWSAccessKeyId=me&x-api-key=s3cret"}, {"Text": f"https://h/x?AWSAccessKeyId=me&x-api-key={REDACTED}"}),
    ({"Text": "key AKIAABCDEFGHIJKLMNOP end"}, {"Text": f"key {REDACTED} end"}),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "kept"), SECRET)
def test_secrets_go(answer, kept):
    assert plain(answer) == kept


PLAIN = [
    {"Parameters": [{"ParameterName": "rds.force_ssl", "ParameterValue": "1"}]},
    {"PasswordPolicy": {"MinimumPasswordLength": 14, "ExpirePasswords": True}},
    {"FunctionName": "reset-password", "Handler": "index.password"},
    {"Variables": {"A": "b"}},
    {"MasterUserSecret": {"SecretArn": "arn:aws:secretsmanager:x"}},
    {"Endpoint": "https://example.com"},
    {"Endpoint": {"Address": "db.example.com", "Port": 5432}},
    {"Endpoint": "https://example.com/"},
    {"Text": "http://host:8080/a@b and ssh://git@example.com/x"},
    {"Text": "https://example.com/?page=2&tokens=3"},
    {"Text": "https://example.com/?design=2&token_count=3&key=name#signature"},
    {"Input": "of nothing that has targets"},
    {"Targets": [{"Id": "1", "Arn": "arn:aws:lambda:x", "InputPath": "$.detail"}]},
    {"FunctionUrl": "https://abc.lambda-url.ap-northeast-2.on.aws/"},
]


@pytest.mark.parametrize("answer", PLAIN)
def test_what_is_no_secret_stays(answer):
    assert plain(answer) == answer


def test_the_envelope_goes_and_times_become_text():
    moment = dt.datetime(2026, 2, 24, 3, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    assert plain({"ResponseMetadata": {"RequestId": "x"}, "At": moment}) == {"At": "2026-02-23T18:00:00Z"}


@pytest.mark.parametrize(
    "text",
    [
        "://a:" * 200_000,
        "://" + "a" * 1_000_000,
        "://u:" + "p" * 1_000_000,
        "x@" * 500_000 + "://",
        "://?" + "a" * 1_000_000,
        "://" + "?tok" * 250_000,
    ],
)
def test_long_texts_are_read_once(text):
    """A reader that began anew at each of a million beginnings would not end."""
    assert plain({"Text": text})["Text"] == text
