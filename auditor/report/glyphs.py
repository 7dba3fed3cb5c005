"""Simple signs of our own for what a resource does: lines in a square of 24 (AWS's icons may not be recoloured)."""

from __future__ import annotations

GLYPHS = {
    "database": "M4 6a8 3 0 0 0 16 0a8 3 0 0 0-16 0v12a8 3 0 0 0 16 0V6M4 12a8 3 0 0 0 16 0",
    "proxy": "M3 8h14m-4-4 4 4-4 4M21 16H7m4-4-4 4 4 4",
    "function": "M6 4h3l7 16h3M11.2 9.5 5.5 20",
    "edge-function": "M4 4h2.5l5 12H14M8.6 8.6 4.5 17M20 5a12 12 0 0 1 0 14",
    "bucket": "M4 6a8 2.5 0 0 0 16 0a8 2.5 0 0 0-16 0l2 12.5a6 2 0 0 0 12 0L20 6",
    "globe": "M12 3a9 9 0 0 0 0 18a9 9 0 0 0 0-18M3 12h18M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18",
    "sign": "M12 3v18M12 5h7l2 2.5-2 2.5h-7M12 11H5l-2 2.5 2 2.5h7",
    "seal": "M12 3a6 6 0 0 0 0 12a6 6 0 0 0 0-12M8.5 14 7 21l5-2.5 5 2.5-1.5-7M10 9l1.5 1.5L14.5 7.5",
    "gateway": "M5 21V5a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v16M3 21h18M9 12h7m-3-3 3 3-3 3",
    "network": "M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4",
    "server": "M4 4h16v7H4zM4 13h16v7H4zM7.5 7.5h1M7.5 16.5h1M12 7.5h5M12 16.5h5",
    "shield": "M12 3 4.5 6v6c0 4.5 3 7.5 7.5 9c4.5-1.5 7.5-4.5 7.5-9V6z",
    "person": "M12 4a4 4 0 0 0 0 8a4 4 0 0 0 0-8M4.5 21a7.5 7.5 0 0 1 15 0",
    "clock": "M12 3a9 9 0 0 0 0 18a9 9 0 0 0 0-18M12 7v5l3.5 2.5",
    "bell": "M6 17V11a6 6 0 0 1 12 0v6M4 17h16M10 20h4M12 3v2",
    "horn": "M4 10v4h3l8 4.5V5.5L7 10zM18.5 9a4 4 0 0 1 0 6",
    "lines": "M6 3h9l4 4v14H6zM9 10h7M9 13.5h7M9 17h4",
    "key": "M8 11a4 4 0 0 0 0 8a4 4 0 0 0 0-8M11 12.5 20 3.5M16.5 7l3 3M13.5 10l2 2",
    "lock": "M5 11h14v10H5zM8 11V8a4 4 0 0 1 8 0v3M12 15v2.5",
    "list": "M4 5h3v3H4zM4 10.5h3v3H4zM4 16h3v3H4zM10.5 6.5H20M10.5 12H20M10.5 17.5H20",
    "chart": "M4 4v16h16M8 16v-4M12 16V8M16 16v-6",
    "balance": "M12 4a3 3 0 0 0 0 6a3 3 0 0 0 0-6M5 15a2.5 2.5 0 0 0 0 5a2.5 2.5 0 0 0 0-5M19 15a2.5 2.5 0 0 0 0 5"
    "a2.5 2.5 0 0 0 0-5M12 10v3M5 15v-2h14v2",
    "queue": "M3 7h4v10H3zM10 7h4v10h-4zM17 7h4v10h-4z",
    "box": "M12 3 20 7.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
}

# The most telling part of a CloudFormation name first: its noun, then its service.
_NOUNS = {
    "DBInstance": "database", "DBCluster": "database", "DBProxy": "proxy", "DBProxyTargetGroup": "proxy",
    "DBParameterGroup": "list", "DBSubnetGroup": "network", "Table": "database", "CacheCluster": "database",
    "Bucket": "bucket", "BucketPolicy": "lines", "Distribution": "globe", "HostedZone": "sign", "RecordSet": "sign",
    "Certificate": "seal", "NatGateway": "gateway", "InternetGateway": "gateway", "VPCEndpoint": "gateway",
    "EIP": "gateway", "SecurityGroup": "shield", "NetworkAcl": "shield", "Instance": "server", "Role": "person",
    "User": "person", "ManagedPolicy": "lines", "Rule": "clock", "Schedule": "clock", "Alarm": "bell", "Topic": "horn",
    "Subscription": "horn", "LogGroup": "lines", "Dashboard": "chart", "LoadBalancer": "balance", "Queue": "queue",
    "OriginAccessControl": "lock", "CloudFrontOriginAccessIdentity": "lock", "ResponseHeadersPolicy": "list",
    "CachePolicy": "list", "RouteTable": "list", "LayerVersion": "list", "Url": "gateway", "Permission": "key",
}  # fmt: skip
_SERVICES = {
    "Lambda": "function", "RDS": "database", "S3": "bucket", "CloudFront": "globe", "EC2": "network", "IAM": "shield",
    "KMS": "key", "SecretsManager": "lock", "CloudWatch": "chart", "Logs": "lines", "SNS": "horn", "SQS": "queue",
    "Events": "clock", "Scheduler": "clock", "Route53": "sign", "ElastiCache": "database", "DynamoDB": "database",
}  # fmt: skip
_EXACT = {"AWS::CloudFront::Function": "edge-function"}


def glyph(cfn: str) -> str:
    """The name of the sign for a resource type."""
    parts = [*cfn.split("::"), "", ""]
    return _EXACT.get(cfn) or _NOUNS.get(parts[2]) or _SERVICES.get(parts[1]) or "box"
