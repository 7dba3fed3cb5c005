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


def remove_replica(built: Built) -> None:
    built.client("elasticache").decrease_replica_count(
        ReplicationGroupId=built["prod-redis"], NewReplicaCount=1, ApplyImmediately=True
    )


def forget_glacier(built: Built) -> None:
    built.client("s3").delete_bucket_lifecycle(Bucket=built["images-prod"])


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
    Drift("replica-removed", "prod-redis", "The Redis of prod lost one of its replicas.", remove_replica),
    Drift("glacier-forgotten", "images-prod", "Images of prod stay in the most expensive class.", forget_glacier),
    Drift("backups-stopped", "files", "Nothing makes backups of the models any more.", stop_backups),
    Drift("web-acl-detached", "cdn", "The distribution has no web ACL before it.", detach_web_acl),
)
