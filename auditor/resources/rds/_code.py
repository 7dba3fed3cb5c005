"""Databases in Terraform and CloudFormation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import ABSENT, Json, Resource, Unsaid
from auditor.model.described import Beside

CLUSTER = "AWS::RDS::DBCluster"
# What AWS takes from the cluster for each of its instances: the instance's property and the cluster's.
_SHARED = {
    "BackupRetentionPeriod": "BackupRetentionPeriod",
    "CopyTagsToSnapshot": "CopyTagsToSnapshot",
    "DBSubnetGroupName": "DBSubnetGroupName",
    "EnableIAMDatabaseAuthentication": "EnableIAMDatabaseAuthentication",
    "KmsKeyId": "KmsKeyId",
    "MasterUsername": "MasterUsername",
    "PreferredBackupWindow": "PreferredBackupWindow",
    "StorageEncrypted": "StorageEncrypted",
    "VPCSecurityGroups": "VpcSecurityGroupIds",
}
_SUBNETS = "DBSubnetGroupName"
_ELSEWHERE = "the instance has it from its cluster, which is not in this code"


def _secret(managed: Json, key: Json) -> Json:
    """The secret that AWS keeps the password in: code says that there is one, and perhaps its key."""
    if not managed:
        return ABSENT
    return managed if isinstance(managed, str) else {"KmsKeyId": key} if key else {}


def secret_of_terraform(value: Mapping[str, Json]) -> Json:
    return _secret(value.get("manage_master_user_password"), value.get("master_user_secret_kms_key_id"))


def secret_of_template(values: Mapping[str, Json]) -> Json:
    said = values.get("MasterUserSecret")
    key = said.get("KmsKeyId") if isinstance(said, Mapping) else said
    return _secret(values.get("ManageMasterUserPassword"), key)


def of_its_cluster(instance: Resource, beside: Beside) -> Iterator[tuple[str, Json | Unsaid]]:
    """An instance of a cluster has its network, its encryption and its backups from there."""
    name = instance.properties.get("DBClusterIdentifier")
    if not name:
        yield from _of_its_source(instance, beside)
        return
    cluster = next((each for each in beside.get(CLUSTER, ()) if name in (each.id, *each.names)), None)
    for mine, theirs in _SHARED.items():
        if cluster is None or theirs in cluster.unknown:
            yield mine, Unsaid(_ELSEWHERE if cluster is None else cluster.unknown[theirs].message)
        elif theirs in cluster.properties:
            yield mine, cluster.properties[theirs]
        elif mine in instance.properties:
            yield mine, Unsaid("AWS chooses it for the cluster")


def _of_its_source(instance: Resource, beside: Beside) -> Iterator[tuple[str, Json | Unsaid]]:
    """A replica stands in the subnets of the instance that it replicates, unless it names others."""
    source = instance.properties.get("SourceDBInstanceIdentifier", instance.gap("SourceDBInstanceIdentifier"))
    if not source or _SUBNETS in instance.properties or _SUBNETS in instance.unknown:
        return
    found = next((each for each in beside.get(instance.type, ()) if source in (each.id, *each.names)), None)
    if found is None or _SUBNETS in found.unknown:
        yield _SUBNETS, Unsaid("the instance has it from the one that it replicates")
    elif _SUBNETS in found.properties:
        yield _SUBNETS, found.properties[_SUBNETS]
