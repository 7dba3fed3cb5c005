"""Settings of a region, a subnet and an endpoint that moto does not have: kept here, with AWS's values at first."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call
from auditor.sandbox.corrections import Ask, corrects, shelf


@corrects("ec2", "GetEbsDefaultKmsKeyId", "ModifyEbsDefaultKmsKeyId", "ResetEbsDefaultKmsKeyId")
def default_key(call: Call, ask: Ask) -> dict[str, Any]:
    kept = shelf(call, "settings")
    if call.operation.startswith("Modify"):
        kept["key"] = call.params["KmsKeyId"]
    elif call.operation.startswith("Reset"):
        kept.pop("key", None)
    return {"KmsKeyId": kept.get("key", "alias/aws/ebs")}


@corrects(
    "ec2",
    "GetSnapshotBlockPublicAccessState",
    "EnableSnapshotBlockPublicAccess",
    "DisableSnapshotBlockPublicAccess",
)
def snapshots(call: Call, ask: Ask) -> dict[str, Any]:
    kept = shelf(call, "settings")
    if call.operation.startswith("Enable"):
        kept["snapshots"] = call.params["State"]
    elif call.operation.startswith("Disable"):
        kept["snapshots"] = "unblocked"
    return {"State": kept.get("snapshots", "unblocked"), "ManagedBy": "account"}


@corrects("ec2", "GetImageBlockPublicAccessState", "EnableImageBlockPublicAccess", "DisableImageBlockPublicAccess")
def images(call: Call, ask: Ask) -> dict[str, Any]:
    """Accounts that never shared an image publicly are blocked by AWS since 2023."""
    kept = shelf(call, "settings")
    if call.operation.startswith("Enable"):
        kept["images"] = call.params["ImageBlockPublicAccessState"]
    elif call.operation.startswith("Disable"):
        kept["images"] = "unblocked"
    state = kept.get("images", "block-new-sharing")
    return {"ImageBlockPublicAccessState": state, "ManagedBy": "account"}


@corrects("ec2", "GetInstanceMetadataDefaults", "ModifyInstanceMetadataDefaults")
def metadata(call: Call, ask: Ask) -> dict[str, Any]:
    kept = shelf(call, "metadata")
    if call.operation.startswith("Modify"):
        for name, value in call.params.items():
            if value in ("no-preference", -1):
                kept.pop(name, None)
            elif name != "DryRun":
                kept[name] = value
        return {"Return": True}
    return {"AccountLevel": dict(kept)}


@corrects("ec2", "GetSerialConsoleAccessStatus", "EnableSerialConsoleAccess", "DisableSerialConsoleAccess")
def console(call: Call, ask: Ask) -> dict[str, Any]:
    kept = shelf(call, "settings")
    if not call.operation.startswith("Get"):
        kept["console"] = call.operation.startswith("Enable")
    return {"SerialConsoleAccessEnabled": kept.get("console", False)}


@corrects("ec2", "DescribeVpcBlockPublicAccessOptions", "ModifyVpcBlockPublicAccessOptions")
def gateways(call: Call, ask: Ask) -> dict[str, Any]:
    kept = shelf(call, "settings")
    if call.operation.startswith("Modify"):
        kept["gateways"] = call.params["InternetGatewayBlockMode"]
    return {
        "VpcBlockPublicAccessOptions": {
            "AwsAccountId": call.account,
            "AwsRegion": call.region,
            "State": "update-complete" if "gateways" in kept else "default-state",
            "InternetGatewayBlockMode": kept.get("gateways", "off"),
            "ManagedBy": "account",
        }
    }


@corrects("ec2", "DescribeAddresses")
def addresses(call: Call, ask: Ask) -> dict[str, Any]:
    """Every address belongs to a group of zones, without more said to that of its region."""
    answer = ask(call)
    for told in answer["Addresses"]:
        told["NetworkBorderGroup"] = told.get("NetworkBorderGroup") or call.region
    return answer


@corrects("ec2", "ModifySubnetAttribute", "DescribeSubnets")
def dns64(call: Call, ask: Ask) -> dict[str, Any]:
    """Moto takes the switch for DNS64 and forgets it."""
    answer, kept = ask(call), shelf(call, "dns64")
    if "EnableDns64" in call.params:
        kept[call.params["SubnetId"]] = call.params["EnableDns64"]["Value"]
    for told in answer.get("Subnets", []):
        told["EnableDns64"] = kept.get(told["SubnetId"], False)
    return answer


@corrects("ec2", "ModifyVpcEndpoint")
def private_names(call: Call, ask: Ask) -> dict[str, Any]:
    """Moto takes the switch for private names and forgets it."""
    from moto.ec2.models import ec2_backends

    answer = ask(call)
    if "PrivateDnsEnabled" in call.params:
        endpoints = ec2_backends[call.account][call.region].vpc_end_points
        endpoints[call.params["VpcEndpointId"]].private_dns_enabled = call.params["PrivateDnsEnabled"]
    return answer
