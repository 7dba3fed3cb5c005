"""The eight ways in which the demo lets pingvas drift: what happens to a studio that grows in a hurry."""

from __future__ import annotations

import json

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.names import policy
from auditor.sandbox.drifts import Drift
from auditor.sandbox.pingvas.names import EVERYWHERE


def open_vpn(built: Built) -> None:
    anyone = [{"CidrIp": EVERYWHERE, "Description": "working from a cafe"}]
    built.client("ec2").authorize_security_group_ingress(
        GroupId=built["vpn-group"],
        IpPermissions=[{"IpProtocol": "udp", "FromPort": 1194, "ToPort": 1194, "IpRanges": anyone}],
    )


def trust_from_anywhere(built: Built) -> None:
    iam = built.client("iam")
    trust = iam.get_role(RoleName=built["devops-role"])["Role"]["AssumeRolePolicyDocument"]
    anywhere = policy({"Principal": {"AWS": built.arn("developer-a")}, "Action": "sts:AssumeRole"})
    trust["Statement"] += json.loads(anywhere)["Statement"]
    iam.update_assume_role_policy(RoleName=built["devops-role"], PolicyDocument=json.dumps(trust))


def lift_bound(built: Built) -> None:
    cluster, group = built["gpu-nodes"].split("/")
    built.client("eks").update_nodegroup_config(
        clusterName=cluster, nodegroupName=group, scalingConfig={"minSize": 2, "maxSize": 40, "desiredSize": 2}
    )


def shorten_backups(built: Built) -> None:
    built.client("rds").modify_db_cluster(
        DBClusterIdentifier=built["aurora"], BackupRetentionPeriod=1, ApplyImmediately=True
    )


def mute_alarm(built: Built) -> None:
    built.client("cloudwatch").disable_alarm_actions(AlarmNames=[built["memory-alarm"]])


def suspend_versions(built: Built) -> None:
    built.client("s3").put_bucket_versioning(
        Bucket=built["images-prod"], VersioningConfiguration={"Status": "Suspended"}
    )


def stop_backups(built: Built) -> None:
    built.client("backup").delete_backup_selection(
        BackupPlanId=built["backup-plan"], SelectionId=built["backup-selection"]
    )


def detach_web_acl(built: Built) -> None:
    cloudfront = built.client("cloudfront")
    read = cloudfront.get_distribution_config(Id=built["cdn"])
    config = read["DistributionConfig"] | {"WebACLId": ""}
    cloudfront.update_distribution(Id=built["cdn"], IfMatch=read["ETag"], DistributionConfig=config)


DRIFTS = (
    Drift("vpn-opened", "vpn-group", "The VPN server takes connections from the whole Internet.", open_vpn),
    Drift("trust-opened", "devops-role", "A developer may assume the role without the VPN.", trust_from_anywhere),
    Drift("bound-lifted", "gpu-nodes", "Two GPU nodes always run, and forty may.", lift_bound),
    Drift("backups-shortened", "aurora", "Aurora keeps its backups for a day.", shorten_backups),
    Drift("alarm-muted", "memory-alarm", "The alarm on the memory of the nodes tells nobody.", mute_alarm),
    Drift("versions-suspended", "images-prod", "Images of prod are overwritten for good.", suspend_versions),
    Drift("backups-stopped", "files", "Nothing makes backups of the models any more.", stop_backups),
    Drift("web-acl-detached", "cdn", "The distribution has no web ACL before it.", detach_web_acl),
)
