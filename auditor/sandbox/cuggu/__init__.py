"""A cuggu account that keeps every promise of its document, built through boto3 as a team using SST builds it.

Names carry SST's suffixes and the team's own words, not the diagram's; tags are SST's. The files follow the
document: network (VPC and its subnets), data (keys, secrets, database, proxy, buckets), compute (functions and
their roles), edge (CloudFront, DNS, certificate), watch (logs, alarms, topic), and neighbours: what stands in
every real account and is no part of cuggu.
"""

from __future__ import annotations

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu import compute, data, edge, neighbours, network, watch
from auditor.sandbox.server import Sandbox

# Role -> what its identifier is.
ROLES = {
    "vpc": "VPC id",
    "private-subnet-a": "subnet id, ap-northeast-2a",
    "private-subnet-b": "subnet id, ap-northeast-2c",
    "public-subnet-a": "subnet id, ap-northeast-2a",
    "internet-gateway": "internet gateway id",
    "nat": "NAT gateway id",
    "nat-address": "allocation id of the NAT gateway's Elastic IP",
    "public-routes": "route table id of public-subnet-a",
    "private-routes": "route table id of both private subnets",
    "s3-endpoint": "gateway endpoint id (only with s3_endpoint=True)",
    "function-group": "security group id of the functions in the VPC",
    "proxy-group": "security group id of the proxy: 5432 from function-group",
    "database-group": "security group id of the database: 5432 from proxy-group",
    "key": "KMS key id (database, secret)",
    "key-alias": "alias name of the key",
    "database-secret": "secret ARN: user and password for the proxy",
    "database-subnets": "DB subnet group name",
    "database-parameters": "DB parameter group name (rds.force_ssl = 1)",
    "database": "DB instance identifier",
    "proxy": "DB proxy name",
    "proxy-targets": "target group ARN of the proxy",
    "proxy-role": "role name",
    "static-bucket": "bucket name",
    "images-bucket": "bucket name (cuggu-images, older than the rest)",
    "server-role": "role name",
    "server": "function name",
    "server-url": "function URL",
    "image-role": "role name",
    "image-optimizer": "function name",
    "image-url": "function URL",
    "cleanup-role": "role name",
    "cleanup": "function name",
    "cleanup-schedule": "EventBridge rule name",
    "zone": "hosted zone id, without /hostedzone/",
    "certificate": "certificate ARN, us-east-1",
    "middleware": "CloudFront Function name",
    "static-access": "origin access control id for static-bucket",
    "images-access": "origin access control id for images-bucket",
    "function-access": "origin access control id for the function URLs",
    "server-cache": "cache policy id of the server's behavior",
    "headers": "response headers policy id",
    "cdn": "distribution id, cuggu.com",
    "image-cdn": "distribution id, img.cuggu.com",
    "alias-record": "name of the A record of cuggu.com (in zone, to cdn)",
    "image-alias-record": "name of the A record of img.cuggu.com (in zone, to image-cdn)",
    "server-logs": "log group name",
    "image-logs": "log group name",
    "cleanup-logs": "log group name",
    "database-logs": "log group name",
    "proxy-logs": "log group name",
    "alarm-topic": "topic ARN",
    "alarm-mail": "subscription ARN, email",
    "alarm-chat": "subscription ARN, https (Slack)",
    "alarm-on-server-errors": "alarm name",
    "alarm-on-server-throttles": "alarm name",
    "alarm-on-cleanup-errors": "alarm name",
    "alarm-on-database-cpu": "alarm name",
    "alarm-on-database-connections": "alarm name",
    "alarm-on-database-storage": "alarm name",
    "dashboard": "dashboard name",
    "github": "OIDC provider ARN",
    "deploy-role": "role name: GitHub -> SST",
    "deploy-policy": "managed policy ARN of deploy-role",
}


def build_cuggu(box: Sandbox, *, s3_endpoint: bool = False) -> Built:
    """Build the whole account: cuggu, the settings of the account, and its neighbours."""
    built = Built(box)
    neighbours.build_settings(built)
    network.build(built, s3_endpoint=s3_endpoint)
    data.build(built)
    compute.build(built)
    edge.build(built)
    watch.build(built)
    neighbours.build(built)
    return built


__all__ = ["ROLES", "build_cuggu"]
