"""The mutations of a live cuggu account (tests/accounts/cuggu_mutations.py) as changes of its template.

Names and what must be found are those of the live table; `line` is a text on the line of the template that must be named,
`on` the resource that must be, where that is another than in the account.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.code import cfn_texts as texts
from tests.code.cfn_texts import Edit, allow, beside, every, put, trusted, without


@dataclass(frozen=True)
class Change:
    name: str
    edits: tuple[Edit, ...]
    line: str = ""
    on: str = ""

    def rewritten(self, text: str) -> str:
        for edit in self.edits:
            text = edit(text)
        return text


def change(name: str, *edits: Edit, line: str = "", on: str = "") -> Change:
    return Change(name, edits, line, on)


SIGNED = "            OriginAccessControlId: !GetAtt {}.Id\n"
ELSEWHERE = "lunch.s3.ap-northeast-2.amazonaws.com"
EVENTS = "      SourceArn: !GetAtt CleanupSchedule.Arn"
KEYS = "          S3_ACCESS_KEY_ID: AKIAIOSFODNN7EXAMPLE\n          S3_SECRET_ACCESS_KEY: " + "x" * 40 + "\n"
NO_NAT = without("Nat", "NatAddress", "PrivateDefaultRoute")
NO_PUBLIC_ROUTE = without("PublicDefaultRoute")
NO_SUBSCRIPTIONS = without("AlarmMail", "AlarmChat")
NO_CLEANUP = (without("Cleanup", "CleanupPermission", "CleanupErrors"),
              put("CleanupSchedule", "      Targets:\n        - Id: handler\n          Arn: !GetAtt Cleanup.Arn\n          RetryPolicy: {MaximumRetryAttempts: 2}\n", ""))  # fmt: skip
NO_OPTIMIZER = (
    without("ImageOptimizer", "ImageUrl", "ImageUrlPermission"),
    put("Cdn", texts.OPTIMIZER_DOMAIN, "abcd.lambda-url.ap-northeast-2.on.aws"),
)
ARN_OF_PROXY = (
    put("Server", "!GetAtt Proxy.Endpoint", "pool.example.com"),
    put("Cleanup", "!GetAtt Proxy.Endpoint", "pool.example.com"),
)

REWRITES = (
    change("database made public", put("Database", "PubliclyAccessible: false", "PubliclyAccessible: true"), line="PubliclyAccessible: true"),
    change("database on another class", every("InstanceClass: db.t4g.micro", "InstanceClass: db.t4g.large", 1), line="DBInstanceClass:"),
    change("server with less memory", put("Server", "MemorySize: 1024", "MemorySize: 512"), line="MemorySize: 512"),
    change("server with a shorter timeout", put("Server", "Timeout: 60", "Timeout: 30"), line="Timeout: 30"),
    change("cleanup with a shorter timeout", put("Cleanup", "Timeout: 300", "Timeout: 61"), line="Timeout: 61"),
    change("streaming switched off", put("ServerUrl", "RESPONSE_STREAM", "BUFFERED")),
    change("function URL open", put("ServerUrl", "AuthType: AWS_IAM", "AuthType: NONE"), line="AuthType: NONE"),
    change("cron moved", put("CleanupSchedule", "cron(0 18 * * ? *)", "cron(0 3 * * ? *)"), line="ScheduleExpression:"),
    change("cron switched off", put("CleanupSchedule", "State: ENABLED", "State: DISABLED"), line="State: DISABLED"),
    change("cron drives nothing", put("CleanupSchedule", "!GetAtt Cleanup.Arn", "arn:aws:sqs:ap-northeast-2:123456789012:other")),
    change("static origin unsigned", put("Cdn", SIGNED.format("StaticAccess"), ""), line="Origins:"),
    change("image origin unsigned", put("ImageCdn", SIGNED.format("ImagesAccess"), "")),
    change("viewers may use http", put("Cdn", "ViewerProtocolPolicy: redirect-to-https", "ViewerProtocolPolicy: allow-all"), line="ViewerProtocolPolicy: allow-all"),
    change("old TLS", put("Cdn", "TLSv1.2_2021", "TLSv1_2016"), line="MinimumProtocolVersion: TLSv1_2016"),
    change("middleware removed", put("Cdn", texts.MIDDLEWARE, "")),
    change("server no longer an origin", put("Cdn", texts.SERVER_DOMAIN, "legacy.example.com")),
    change("images no longer optimised", put("Cdn", texts.OPTIMIZER_DOMAIN, "resize.example.com")),
    change("records no longer lead to CloudFront", without("ApexRecord", "ApexRecordV6", "WwwRecord")),
    change("private subnets routed to the Internet", put("PrivateDefaultRoute", "NatGatewayId: !Ref Nat", "GatewayId: !Ref InternetGateway")),
    change("private subnets without a way out", without("PrivateDefaultRoute")),
    change("database port open to the world", put("DatabaseFromProxy", "SourceSecurityGroupId: !GetAtt ProxyGroup.GroupId", "CidrIp: 0.0.0.0/0")),
    change("ssh open in two halves", put("FunctionGroup", texts.VPC, texts.VPC + texts.SSH), line="SecurityGroupIngress:"),
    change("proxy admits nobody", put("ProxyGroup", texts.INGRESS_OF_PROXY, "")),
    change("database admits nobody", without("DatabaseFromProxy")),
    change("proxy without its database", put("ProxyTargets", "      DBInstanceIdentifiers: [!Ref Database]\n", "")),
    change("server may not write images", put("ServerRole", "[s3:GetObject, s3:PutObject, s3:DeleteObject]", "[s3:GetObject]")),
    change("cleanup may not delete images", put("CleanupRole", "Action: s3:DeleteObject", "Action: s3:GetObject")),
    change("log retention lost", put("ServerLogs", "      RetentionInDays: 30\n", ""), line="ServerLogs:"),
    change("the only alarm on the cleanup deleted", without("CleanupErrors"), line="  Cleanup:"),
    change("nobody hears the alarms", NO_SUBSCRIPTIONS),
    change("alarms tell nobody", every(texts.ACTIONS, "", 3)),
    change("role trusts anybody", trusted("ServerRole", '"*"'), line="AssumeRolePolicyDocument:"),
    change("role trusts another account", trusted("CleanupRole", "[arn:aws:iam::999988887777:root, arn:aws:iam::444455556666:root]"), line="AssumeRolePolicyDocument:"),
    change("role made administrator", put("ServerRole", "service-role/AWSLambdaVPCAccessExecutionRole", "AdministratorAccess"), line="ManagedPolicyArns:"),
    change("key no longer rotates", put("Key", "EnableKeyRotation: true", "EnableKeyRotation: false"), line="EnableKeyRotation: false"),
    change("public access block removed", put("ImagesBucket", texts.BLOCK, "")),
    change("images shared with everybody", allow("ImagesBucketPolicy", '"*"', "s3:GetObject"), line="PolicyDocument:", on="ImagesBucketPolicy"),
    change("cleanup deleted", *NO_CLEANUP),
    change("image optimizer deleted", *NO_OPTIMIZER),
    change("schedule deleted", without("CleanupSchedule"), put("CleanupPermission", EVENTS, '      SourceArn: !Sub "arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/gone"')),
    change("topic deleted", every(texts.ACTIONS, "", 3), without("AlarmTopic", "AlarmMail", "AlarmChat")),
    change("undeclared public instance", beside(texts.INSTANCE), line="UndeclaredInstance:"),
    change("undeclared function in the VPC", beside(texts.STRANGER), line="QuickExport:"),
    change("newer major version", put("Database", "EngineVersion: 16.8", 'EngineVersion: "17.2"'), put("DatabaseParameters", "postgres16", "postgres17"), line="EngineVersion:"),
    change("subnet group without 2c", put("DatabaseSubnets", "[!Ref PrivateSubnetA, !Ref PrivateSubnetC]", "[!Ref PrivateSubnetA]")),
    change("subnet group with the public subnet", put("DatabaseSubnets", "!Ref PrivateSubnetC]", "!Ref PrivateSubnetC, !Ref PublicSubnetA]")),
    change("server out of the VPC", put("Server", texts.IN_THE_VPC, "")),
    change("server in the public subnet", put("Server", "[!Ref PrivateSubnetA, !Ref PrivateSubnetC]", "[!Ref PublicSubnetA]")),
    change("server with access keys", put("Server", "        Variables:\n", "        Variables:\n" + KEYS)),
    change("server as the cleanup's role", put("Server", "ServerRole.Arn", "CleanupRole.Arn")),
    change("site switched off", put("Cdn", "Enabled: true", "Enabled: false"), line="Enabled: false"),
    change("site without its name", put("Cdn", "[!Ref Domain, !Sub", "[!Sub"), line="Aliases: [!Sub \"www."),
    change("images switched off", put("ImageCdn", "Enabled: true", "Enabled: false"), line="Enabled: false"),
    change("certificate of another name", beside(texts.OTHER_CERTIFICATE), put("Cdn", "!Ref CertificateArn", "!Ref LunchCertificate")),
    change("CloudFront's own certificate", put("Cdn", texts.CERTIFICATE, "          CloudFrontDefaultCertificate: true\n")),
    change("middleware on responses", put("Cdn", "EventType: viewer-request", "EventType: viewer-response")),
    change("images from another bucket", put("ImageCdn", "!GetAtt ImagesBucket.RegionalDomainName", ELSEWHERE)),
    change("static files from another bucket", put("Cdn", "!GetAtt StaticBucket.RegionalDomainName", ELSEWHERE)),
    change("images closed to CloudFront", without("ImagesBucketPolicy")),
    change("static files closed to CloudFront", without("StaticBucketPolicy")),
    change("record leads to the images", *(put(each, "!GetAtt Cdn.DomainName", "!GetAtt ImageCdn.DomainName") for each in ("ApexRecord", "ApexRecordV6"))),
    change("record leads to Vercel", beside(texts.VERCEL), line="BlogRecord:"),
    change("NAT gateway deleted", NO_NAT),
    change("internet gateway detached", without("InternetGatewayAttachment"), every("    DependsOn: InternetGatewayAttachment\n", "", 2)),
    change("public subnet without its route", NO_PUBLIC_ROUTE),
    change("NAT without a way out", NO_PUBLIC_ROUTE),
    change("alarms told to a queue only", NO_SUBSCRIPTIONS, beside(texts.QUEUE)),
    change("server's alarms tell nobody", put("ServerErrors", texts.ACTIONS, "")),
    change("alarms asleep", every(texts.ACTIONS, texts.ACTIONS + "      ActionsEnabled: false\n", 3)),
    change("schedule starts the server", put("CleanupSchedule", "!GetAtt Cleanup.Arn", "!GetAtt Server.Arn")),
    change("EventBridge may not start the cleanup", without("CleanupPermission")),
    change("another rule may start the cleanup", beside(texts.OTHER_RULE), put("CleanupPermission", EVENTS, "      SourceArn: !GetAtt OtherRule.Arn")),
    change("cleanup every day at some time", put("CleanupSchedule", "cron(0 18 * * ? *)", "rate(1 day)"), line="ScheduleExpression:"),
    change("containers get the server's role", put("ServerRole", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com")),
    change("database deleted", without("Database", "DatabaseConnections"), put("ProxyTargets", "      DBInstanceIdentifiers: [!Ref Database]\n", "")),
    change("proxy deleted", without("Proxy", "ProxyTargets"), *ARN_OF_PROXY),
    change("images denied to the server", allow("ImagesBucketPolicy", "{AWS: !GetAtt ServerRole.Arn}", "s3:PutObject", "deny")),
    change("images denied to the cleanup", allow("ImagesBucketPolicy", "{AWS: !GetAtt CleanupRole.Arn}", '"s3:Delete*"', "deny")),
    change("cleanup in a group of its own", beside(texts.LONELY), put("Cleanup", "!Ref FunctionGroup", "!Ref Lonely")),
    change("network ACL without the database's port", beside(texts.ACL)),
    change("server bounded", beside(texts.LIMIT), put("ServerRole", "      Policies:\n", "      PermissionsBoundary: !Ref Limit\n      Policies:\n")),
    change("a copy of the database beside", beside(texts.COPY), line="QuickCopy:"),
    change("proxy for a copy", beside(texts.COPY), put("ProxyTargets", "!Ref Database", "!Ref QuickCopy")),
    change("undeclared reader of the images", beside(texts.READER), line="QuickReader:"),
    change("user who reads the images", beside(texts.FREELANCER), line="Freelancer:"),
    change("user who reads them through a group", beside(texts.FREELANCERS), line="Freelancer:"),
    change("functions may only call HTTPS", put("FunctionGroup", texts.VPC, texts.VPC + texts.egress("providers"))),
    change("proxy may only call HTTPS", put("ProxyGroup", texts.EGRESS_OF_PROXY, "          FromPort: 443\n          ToPort: 443\n          CidrIp: 0.0.0.0/0\n")),
    change("function URL deleted", without("ServerUrl", "ServerUrlPermission"), put("Cdn", texts.SERVER_DOMAIN, "abcd.lambda-url.ap-northeast-2.on.aws")),
    change("optimizer's URL deleted", without("ImageUrl", "ImageUrlPermission"), put("Cdn", texts.OPTIMIZER_DOMAIN, "abcd.lambda-url.ap-northeast-2.on.aws")),
    change("optimizer in the server's place", put("Cdn", texts.SERVER_DOMAIN, texts.OPTIMIZER_DOMAIN)),
    change("more memory", put("Server", "MemorySize: 1024", "MemorySize: 2048"), line="MemorySize: 2048"),
    change("cleanup for a quarter of an hour", put("Cleanup", "Timeout: 300", "Timeout: 900"), line="Timeout: 900"),
    change("server gets out by the public routes", beside(texts.HALF_ROUTE)),
    change("cleanup out of the VPC", put("Cleanup", texts.IN_THE_VPC, "")),
    change("log group deleted", without("CleanupLogs"), put("Cleanup", "      LoggingConfig: {LogFormat: JSON, LogGroup: !Ref CleanupLogs}\n", "")),
    change("images read by another account", allow("ImagesBucketPolicy", "{AWS: [arn:aws:iam::999988887777:root, arn:aws:iam::444455556666:root]}", "s3:GetObject")),
    change("images read by a role of another account", allow("ImagesBucketPolicy", "{AWS: [arn:aws:iam::999988887777:role/agency, arn:aws:iam::444455556666:role/agency]}", "s3:GetObject")),
    change("server closed to CloudFront", without("ServerUrlPermission")),
    change("server open to another distribution alone", put("ServerUrlPermission", "distribution/${Cdn}", "distribution/${ImageCdn}")),
    change("server log group deleted", without("ServerLogs"), put("Server", "      LoggingConfig: {LogFormat: JSON, LogGroup: !Ref ServerLogs}\n", "")),
)  # fmt: skip

# Caught in code by another promise than in the account, with the reason.
BY_ANOTHER = {
    # The account's topic has the tags of its system, by which it is known. In the template only its alarms lead to it.
    "alarms tell nobody": "topic",
}
