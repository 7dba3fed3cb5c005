"""`python -m tools.distil_managed_policies`: write what common AWS managed policies say as data, from moto.

moto (Apache 2.0) carries the documents as AWS's API gives them; its 5.2.5 made the committed file. It is needed here
only.
The account tells what it has attached itself; the file answers for code, where only the name is known. Taken are the
policies that roles of workloads have, by their names below; one that only a service attaches to its own role is not.
One policy a line, sorted: the same documents give the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

POLICIES = Path(__file__).resolve().parents[1] / "auditor" / "resources" / "managed_policies.txt"
_SERVICES = (
    "AmazonAPIGateway|AmazonAthena|AmazonCognito|AmazonDynamoDB|AmazonEC2|AmazonECS|AmazonEKS|AmazonEBSCSI"
    "|AmazonElasticFileSystem|AmazonElastiCache|AmazonEventBridge|AmazonKinesis|AmazonMSK|AmazonRDS|AmazonRoute53|AmazonS3"
    "|AmazonSES|AmazonSNS|AmazonSQS|AmazonSSM|AmazonVPC|AutoScaling|AWSAppSync|AWSBatch|AWSCertificateManager"
    "|AWSCloudFormation|AWSCloudTrail|AWSCodeBuild|AWSCodeDeploy|AWSCodePipeline|AWSConfig|AWSGlue|AWSKeyManagement"
    "|AWSLambda|AWSStepFunctions|AWSXray|AWSXRay|CloudFront|CloudWatch|EC2InstanceProfile|ElasticLoadBalancing"
)
_NAMES = re.compile(
    rf"(?:{_SERVICES})[\w-]*(?:Access|_v2|ReadOnly|PowerUser|Role|Policy|Core|PullOnly|Execute|Logs|SSM)"
)
_ALSO = {
    *("AdministratorAccess", "PowerUserAccess", "ReadOnlyAccess", "ViewOnlyAccess", "SecurityAudit", "IAMFullAccess"),
    *("IAMReadOnlyAccess", "SecretsManagerReadWrite", "DatabaseAdministrator", "SystemAdministrator", "AWS_ConfigRole"),
    *("AmazonEKSVPCResourceController", "AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForRestores"),
    *("AmazonElasticMapReduceforEC2Role", "AWSElasticBeanstalkEnhancedHealth", "AWSElasticBeanstalkService"),
    *("AmazonECSInfrastructureRolePolicyForLoadBalancers", "AWSElasticBeanstalkWebTier", "AmazonDocDBFullAccess"),
}
_MOST = 6_000  # letters of a document: what is longer is only taken by its name


def chosen(policies: dict[str, Any]) -> dict[str, Any]:
    """By `path/name`, as the ARN ends: the documents that are taken."""
    out = {}
    for name, each in policies.items():
        path, document = str(each["Path"]).strip("/"), each["Document"]
        if path == "aws-service-role":
            continue
        short = len(json.dumps(document)) <= _MOST
        if name in _ALSO or (short and _NAMES.fullmatch(name)):
            out[f"{path}/{name}".strip("/")] = document
    return out


def written() -> str:
    """The file, of the moto that is installed."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    found = chosen(json.loads(aws_managed_policies_data))
    head = f"# AWS managed policies, by the end of their ARN: moto {metadata.version('moto')}, Apache 2.0\n"
    lines = [f"{name} {json.dumps(found[name], separators=(',', ':'), sort_keys=True)}\n" for name in sorted(found)]
    return head + "".join(lines)


def main() -> int:
    try:
        text = written()
    except ModuleNotFoundError:
        sys.stderr.write("moto is needed: pip install moto\n")
        return 2
    POLICIES.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
