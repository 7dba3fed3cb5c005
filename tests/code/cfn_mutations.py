"""The mutations of a live cuggu account (tests/accounts/cuggu_mutations.py) that can be said in its template: a table.

Each replaces one text of template.yaml, and names what must be found and the line, by a text that stands on it after the
change. The names are those of the live table; a missing part is reported at no line of the template.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rewrite:
    """`after` is where in the template to begin to look for `old`, when it stands there more than once."""

    name: str
    after: str
    old: str
    new: str
    check: str
    line: str = ""
    kind: str = "different"
    verdict: str = "broken"
    file: str = "template.yaml"


def part(name, body=""):
    """The beginning of a resource in the template."""
    return f"\n  {name}:\n{body}"


SSH = """      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 20, ToPort: 30, CidrIp: 0.0.0.0/1}
        - {IpProtocol: tcp, FromPort: 20, ToPort: 30, CidrIp: 128.0.0.0/1}
"""
BLOCK = """      PublicAccessBlockConfiguration:
        BlockPublicAcls: true
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: true
"""
SHARED = """          - {Sid: Share, Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${ImagesBucket.Arn}/*"}
          - Sid: EnforceHTTPS
"""
STRANGER = """
  QuickExport:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      Role: !GetAtt CleanupRole.Arn
      Code: {S3Bucket: cuggu-releases, S3Key: export.zip}
      VpcConfig: {SubnetIds: [!Ref PrivateSubnetA], SecurityGroupIds: [!Ref FunctionGroup]}

  Cleanup:
"""
TRUST = "          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}\n"


def trust(who):
    return TRUST + f"          - {{Effect: Allow, Principal: {{AWS: {who}}}, Action: sts:AssumeRole}}\n"


REWRITES = (
    Rewrite("database made public", "", "PubliclyAccessible: false", "PubliclyAccessible: true", "cuggu/database", "PubliclyAccessible: true"),
    Rewrite("database on another class", "", "InstanceClass: db.t4g.micro", "InstanceClass: db.t4g.large", "cuggu/database/class", "DBInstanceClass:"),
    Rewrite("server with less memory", "", "MemorySize: 1024", "MemorySize: 512", "cuggu/server/memory", "MemorySize: 512"),
    Rewrite("server with a shorter timeout", "", "Timeout: 60\n", "Timeout: 30\n", "cuggu/server/timeout", "Timeout: 30"),
    Rewrite("cleanup with a shorter timeout", "", "Timeout: 300", "Timeout: 61", "cuggu/cleanup/timeout", "Timeout: 61"),
    Rewrite("streaming switched off", "", "InvokeMode: RESPONSE_STREAM", "InvokeMode: BUFFERED", "cuggu/server/streaming"),
    Rewrite("function URL open", part("ServerUrl"), "AuthType: AWS_IAM", "AuthType: NONE", "function-url-authenticated", "AuthType: NONE", "rule"),
    Rewrite("cron moved", "", "cron(0 18 * * ? *)", "cron(0 3 * * ? *)", "cuggu/schedule/cron", "ScheduleExpression:"),
    Rewrite("cron switched off", "", "State: ENABLED", "State: DISABLED", "cuggu/schedule/enabled", "State: DISABLED"),
    Rewrite("cron drives nothing", part("CleanupSchedule"), "Arn: !GetAtt Cleanup.Arn", "Arn: arn:aws:sqs:ap-northeast-2:123456789012:other", "cuggu/link/", "", "unlinked"),
    Rewrite("static origin unsigned", "", "            OriginAccessControlId: !GetAtt StaticAccess.Id\n", "", "s3-origins-signed", "Origins:", "rule"),
    Rewrite("image origin unsigned", "", "            OriginAccessControlId: !GetAtt ImagesAccess.Id\n", "", "s3-origins-signed", "", "rule"),
    Rewrite("viewers may use http", part("Cdn"), "ViewerProtocolPolicy: redirect-to-https", "ViewerProtocolPolicy: allow-all", "viewers-use-https", "ViewerProtocolPolicy: allow-all", "rule"),
    Rewrite("old TLS", part("Cdn"), "MinimumProtocolVersion: TLSv1.2_2021", "MinimumProtocolVersion: TLSv1_2016", "viewers-use-modern-tls", "MinimumProtocolVersion: TLSv1_2016", "rule"),
    Rewrite("middleware removed", part("Cdn"), "          FunctionAssociations:\n            - {EventType: viewer-request, FunctionARN: !GetAtt Middleware.FunctionARN}\n", "", "cuggu/cdn/middleware-first"),
    Rewrite("server no longer an origin", "", '!Select [2, !Split ["/", !GetAtt ServerUrl.FunctionUrl]]', "legacy.example.com", "cuggu/link/cdn-server", "", "unlinked"),
    Rewrite("images no longer optimised", "", '!Select [2, !Split ["/", !GetAtt ImageUrl.FunctionUrl]]', "resize.example.com", "cuggu/link/cdn-image-optimizer", "", "unlinked"),
    Rewrite("private subnets routed to the Internet", part("PrivateDefaultRoute"), "NatGatewayId: !Ref Nat", "GatewayId: !Ref InternetGateway", "cuggu/private-subnet-a/kind"),
    Rewrite("private subnets without a way out", part("PrivateDefaultRoute"), "AWS::EC2::Route", "AWS::SSM::Parameter", "cuggu/link/server-nat", "", "unlinked"),
    Rewrite("database port open to the world", part("DatabaseFromProxy"), "SourceSecurityGroupId: !GetAtt ProxyGroup.GroupId", "CidrIp: 0.0.0.0/0", "ports-closed-to-world", "", "rule"),
    Rewrite("ssh open in two halves", part("FunctionGroup"), "      VpcId: !Ref Vpc\n", "      VpcId: !Ref Vpc\n" + SSH, "ports-closed-to-world", "SecurityGroupIngress:", "rule"),
    Rewrite("proxy admits nobody", part("ProxyGroup"), "FromPort: 5432\n          ToPort: 5432\n          SourceSecurityGroupId", "FromPort: 5433\n          ToPort: 5433\n          SourceSecurityGroupId", "cuggu/link/server-proxy", "", "unlinked"),
    Rewrite("database admits nobody", part("DatabaseFromProxy"), "FromPort: 5432\n      ToPort: 5432", "FromPort: 5433\n      ToPort: 5433", "cuggu/link/proxy-database", "", "unlinked"),
    Rewrite("proxy without its database", "", "      DBInstanceIdentifiers: [!Ref Database]\n", "", "cuggu/link/proxy-database", "", "unlinked"),
    Rewrite("server may not write images", part("ServerRole"), "[s3:GetObject, s3:PutObject, s3:DeleteObject]", "[s3:GetObject]", "cuggu/link/server-images", "", "unlinked"),
    Rewrite("cleanup may not delete images", part("CleanupRole"), "Action: s3:DeleteObject", "Action: s3:GetObject", "cuggu/link/cleanup-images", "", "unlinked"),
    Rewrite("log retention lost", part("ServerLogs"), "      RetentionInDays: 30\n", "", "logs-kept", "ServerLogs:", "rule"),
    Rewrite("the only alarm on the cleanup deleted", part("CleanupErrors"), "Value: !Ref Cleanup}", "Value: somebody-else}", "cuggu/cleanup/watched", "  Cleanup:"),
    Rewrite("role trusts anybody", part("ServerRole"), TRUST, trust('"*"'), "role-trust-closed", "AssumeRolePolicyDocument:", "rule"),
    Rewrite("role trusts another account", part("CleanupRole"), TRUST, trust("[arn:aws:iam::999988887777:root, arn:aws:iam::444455556666:root]"), "role-trust-closed", "AssumeRolePolicyDocument:", "rule"),
    Rewrite("role made administrator", part("ServerRole"), "service-role/AWSLambdaVPCAccessExecutionRole", "AdministratorAccess", "no-administrator-policies", "ManagedPolicyArns:", "rule"),
    Rewrite("key no longer rotates", "", "EnableKeyRotation: true", "EnableKeyRotation: false", "keys-rotate", "EnableKeyRotation: false", "rule"),
    Rewrite("public access block removed", part("ImagesBucket"), BLOCK, "", "bucket-public-access-blocked", "", "rule"),
    Rewrite("images shared with everybody", part("ImagesBucketPolicy"), "          - Sid: EnforceHTTPS\n", SHARED, "bucket-policy-not-public", "PolicyDocument:", "rule"),
    Rewrite("schedule deleted", part("CleanupSchedule"), "AWS::Events::Rule", "AWS::SSM::Parameter", "cuggu/schedule", "", "missing"),
    Rewrite("undeclared function in the VPC", "", "\n  Cleanup:\n", STRANGER, "cuggu/undeclared", "QuickExport:", "extra"),
)  # fmt: skip

# What only happens to a live account, or is the absence of several resources at once.
NOT_IN_CODE = {
    "records no longer lead to CloudFront": "the four records would all have to be taken out of the template",
    "log group deleted": "taking the resource away breaks the references to it, which CloudFormation refuses",
    "nobody hears the alarms": "both subscriptions would have to be taken out of the template",
    "alarms tell nobody": "the three alarms would all have to be rewritten",
    "cleanup deleted": "the resources that refer to it would be refused",
    "image optimizer deleted": "the resources that refer to it would be refused",
    "topic deleted": "the resources that refer to it would be refused",
    "undeclared public instance": "several resources would have to be written; the undeclared function covers the check",
}
