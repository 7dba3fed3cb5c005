"""Services with one or two losses each: ACM, App Runner, CloudWatch, its logs, Route 53, EventBridge Scheduler."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from auditor.sandbox.call import Call, Refusal
from auditor.sandbox.corrections import Ask, corrects, shelf

DEFAULT_KEYS = ("RSA_1024", "RSA_2048")


@corrects("acm", "RequestCertificate")
def request_certificate(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    shelf(call, "keys")[answer["CertificateArn"]] = call.params.get("KeyAlgorithm", "RSA_2048")
    return answer


@corrects("acm", "DescribeCertificate")
def describe_certificate(call: Call, ask: Ask) -> dict[str, Any]:
    """Moto always says RSA_2048, and never who uses the certificate."""
    certificate = ask(call)["Certificate"]
    arn = certificate["CertificateArn"]
    certificate["KeyAlgorithm"] = shelf(call, "keys").get(arn, certificate["KeyAlgorithm"])
    users = users_of(call, arn)
    certificate["InUseBy"] = users
    certificate["RenewalEligibility"] = "ELIGIBLE" if users else "INELIGIBLE"
    return {"Certificate": certificate}


@corrects("acm", "UpdateCertificateOptions")
def update_options(call: Call, ask: Ask) -> dict[str, Any]:
    from moto.acm.models import acm_backends

    certificate = acm_backends[call.account][call.region].get_certificate(call.params["CertificateArn"])
    certificate.cert_options |= call.params["Options"]
    return {}


@corrects("acm", "ListCertificates")
def list_certificates(call: Call, ask: Ask) -> dict[str, Any]:
    """Unless asked by key type, AWS lists RSA certificates of 1024 and 2048 bits only: a trap worth keeping."""
    includes = dict(call.params.get("Includes") or {})
    wanted = includes.pop("keyTypes", None) or DEFAULT_KEYS
    rest = {name: value for name, value in call.params.items() if name != "Includes"}
    without = replace(call.asked, body=json.dumps(rest | ({"Includes": includes} if includes else {})).encode())
    answer = ask(replace(call, asked=without))
    kept = []
    for summary in answer.get("CertificateSummaryList", []):
        arn = summary["CertificateArn"]
        summary["KeyAlgorithm"] = shelf(call, "keys").get(arn, summary.get("KeyAlgorithm"))
        summary["InUse"] = bool(users_of(call, arn))
        if summary["KeyAlgorithm"] in wanted:
            kept.append(summary)
    return answer | {"CertificateSummaryList": kept}


def users_of(call: Call, certificate: str) -> list[str]:
    """The distributions that present a certificate."""
    at_the_edge = Call(call.asked, "cloudfront", "", "", call.access_key)
    return [
        kept["base"]["ARN"]
        for kept in shelf(at_the_edge, "distributions").values()
        if kept["config"]["ViewerCertificate"].get("ACMCertificateArn") == certificate
    ]


@corrects("cloudwatch", "PutCompositeAlarm")
def put_composite(call: Call, ask: Ask) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    name = call.params["AlarmName"]
    lists: dict[str, Any] = {"AlarmActions": [], "OKActions": [], "InsufficientDataActions": []}
    given = {key: value for key, value in call.params.items() if key != "Tags"}
    shelf(call, "composite")[name] = (
        {"ActionsEnabled": True}
        | lists
        | given
        | {
            "AlarmArn": f"arn:aws:cloudwatch:{call.region}:{call.account}:alarm:{name}",
            "AlarmConfigurationUpdatedTimestamp": now,
            "StateUpdatedTimestamp": now,
            "StateValue": "OK",
            "StateReason": "Unchecked: Initial alarm creation",
        }
    )


@corrects("cloudwatch", "DescribeAlarms")
def describe_alarms(call: Call, ask: Ask) -> dict[str, Any]:
    """Composite alarms are told only when asked for by type or by name, metric alarms unless only the others are."""
    answer = ask(call)
    types = call.params.get("AlarmTypes") or []
    names = call.params.get("AlarmNames")
    prefix = call.params.get("AlarmNamePrefix") or ""
    composite = [
        alarm
        for name, alarm in shelf(call, "composite").items()
        if name.startswith(prefix) and (not names or name in names)
    ]
    answer["CompositeAlarms"] = composite if "CompositeAlarm" in types or names else []
    if types and "MetricAlarm" not in types:
        answer["MetricAlarms"] = []
    return answer


@corrects("cloudwatch", "DeleteAlarms")
def delete_alarms(call: Call, ask: Ask) -> dict[str, Any]:
    for name in call.params["AlarmNames"]:
        shelf(call, "composite").pop(name, None)
    return ask(call)


@corrects("cloudwatch", "PutDashboard", "GetDashboard", "ListDashboards", "DeleteDashboards")
def dashboards(call: Call, ask: Ask) -> dict[str, Any]:
    """Dashboards belong to the account: every region tells and changes the same."""
    from moto.cloudwatch.models import cloudwatch_backends

    regions = cloudwatch_backends[call.account]
    regions[call.region].dashboards = regions["us-east-1"].dashboards
    return ask(call)


@corrects("logs", "AssociateKmsKey", "DisassociateKmsKey")
def encrypt(call: Call, ask: Ask) -> None:
    from moto.logs.models import logs_backends

    groups, name = logs_backends[call.account][call.region].groups, call.params["logGroupName"]
    if name not in groups:
        raise Refusal("ResourceNotFoundException", "The specified log group does not exist.")
    groups[name].kms_key_id = call.params.get("kmsKeyId")


@corrects("logs", "CreateLogGroup")
def create_log_group(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    shelf(call, "classes")[call.params["logGroupName"]] = call.params.get("logGroupClass", "STANDARD")
    return answer


@corrects("logs", "DescribeLogGroups")
def describe_log_groups(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    wanted = call.params.get("logGroupClass")
    for group in answer["logGroups"]:
        group["logGroupClass"] = shelf(call, "classes").get(group["logGroupName"], "STANDARD")
    answer["logGroups"] = [g for g in answer["logGroups"] if wanted in (None, g["logGroupClass"])]
    return answer


@corrects("logs", "DeleteLogGroup")
def delete_log_group(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    shelf(call, "classes").pop(call.params["logGroupName"], None)
    return answer


@corrects("route53", "ListResourceRecordSets")
def records(call: Call, ask: Ask) -> dict[str, Any]:
    """The start of authority comes as the text of a Python dictionary, and moto starts at no set identifier."""
    first, most = call.params.get("StartRecordIdentifier"), int(call.params.get("MaxItems") or 300)
    if first:
        path, _, query = call.asked.target.partition("?")
        rest = "&".join(each for each in query.split("&") if not each.startswith("maxitems="))
        call = replace(call, asked=replace(call.asked, target=f"{path}?{rest}"))
    answer = ask(call)
    if first:
        found = answer["ResourceRecordSets"]
        at = next((at for at, each in enumerate(found) if each.get("SetIdentifier", "") >= first), len(found))
        answer["ResourceRecordSets"] = found[at : at + most]
    for record in answer["ResourceRecordSets"]:
        for value in record.get("ResourceRecords", []):
            if value["Value"].startswith("{'Value': "):
                value["Value"] = value["Value"].removeprefix("{'Value': '").removesuffix("'}")
    return answer


@corrects("route53", "ListQueryLoggingConfigs")
def query_logging(call: Call, ask: Ask) -> dict[str, Any]:
    """Moto refuses a zone's id without its prefix, and answers with the configurations of every zone."""
    from moto.route53.models import route53_backends

    kept = route53_backends[call.account]["aws"].query_logging_configs.values()
    wanted = call.params.get("HostedZoneId", "")
    configs = [
        {
            "Id": each.id,
            "HostedZoneId": each.hosted_zone_id.rpartition("/")[2],
            "CloudWatchLogsLogGroupArn": each.cloud_watch_logs_log_group_arn,
        }
        for each in kept
    ]
    return {
        "QueryLoggingConfigs": [each for each in configs if wanted.rpartition("/")[2] in ("", each["HostedZoneId"])]
    }


@corrects("apprunner", "ListServices")
def no_services(call: Call, ask: Ask) -> dict[str, Any]:
    """Moto has no App Runner: an account here has none of its services, and AWS says so."""
    return {"ServiceSummaryList": []}


@corrects("globalaccelerator", "ListAccelerators")
def no_accelerators(call: Call, ask: Ask) -> dict[str, Any]:
    """Moto has no Global Accelerator either."""
    return {"Accelerators": []}


@corrects("scheduler", "CreateSchedule", "UpdateSchedule")
def schedule(call: Call, ask: Ask) -> dict[str, Any]:
    """Moto keeps no state where none is given; AWS then enables the schedule."""
    from moto.scheduler.models import scheduler_backends

    answer = ask(call)
    group = scheduler_backends[call.account][call.region].schedule_groups[call.params.get("GroupName", "default")]
    kept = group.schedules[call.params["Name"]]
    kept.state = kept.state or "ENABLED"
    return answer
