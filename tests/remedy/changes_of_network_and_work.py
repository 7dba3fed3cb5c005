"""What is wanted of networks, of people and roles, and of what runs: type -> role -> place -> wish."""

from __future__ import annotations

from typing import Any

from auditor.model import ABSENT
from tests.remedy.wishes import Put, arn, first, flip, guarded, more, part, statement

INLINE = {
    "PolicyName": "second",
    "PolicyDocument": {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::x/*"]}],
    },
}
RULE = {"CidrIp": "198.51.100.0/24", "Description": "a tryout", "FromPort": 443, "IpProtocol": "tcp", "ToPort": 443}
PREFIXED = {"FromPort": 22, "IpProtocol": "tcp", "ToPort": 22}
ENTRY = {"CidrBlock": "0.0.0.0/0", "Egress": False, "PortRange": {"From": 22, "To": 22}, "Protocol": 6}
ROUTE = {"DestinationCidrBlock": "203.0.113.0/24", "Origin": "CreateRoute", "State": "active"}

TABLE: dict[str, dict[str, dict[str, Any]]] = {
    "EC2::EBSEncryptionByDefault": {"region": {"EbsEncryptionByDefault": flip, "KmsKeyId": arn("key")}},
    "EC2::Instance": {
        "spare-machine": {
            "SecurityGroupIds": Put(part("function-group")),
            "MetadataOptions.HttpTokens": "required",
            "SourceDestCheck": flip,
            "DisableApiTermination": flip,
            "Monitoring": flip,
        }
    },
    "EC2::NetworkAcl": {
        "spare-acl": {
            "Entries": [
                Put({**ENTRY, "RuleAction": "deny", "RuleNumber": 90}),
                Put(take=first),
                Put({**ENTRY, "RuleAction": "deny", "RuleNumber": 100}, first),
            ]
        }
    },
    "EC2::NetworkInterface": {
        "spare-interface": {"GroupSet": Put(part("function-group")), "SourceDestCheck": flip},
    },
    "EC2::RouteTable": {
        "public-routes": {
            "Routes": [
                Put(lambda now, built: {**ROUTE, "GatewayId": built["internet-gateway"]}),
                Put(take=lambda now, built: next(each for each in now if "igw-" in each.get("GatewayId", ""))),
            ]
        }
    },
    "EC2::SecurityGroup": {
        "database-group": {
            "SecurityGroupIngress": [
                Put(RULE),
                Put(take=first),
                Put(lambda now, built: {**PREFIXED, "SourcePrefixListId": built["spare-prefix-list"]}),
                Put({"CidrIpv6": "::/0", "IpProtocol": "-1"}),
                Put(lambda now, built: {**now[0], "Description": "another"}, first),
            ],
            "SecurityGroupEgress": [
                Put(RULE),
                Put(lambda now, built: {**PREFIXED, "DestinationSecurityGroupId": built["proxy-group"]}),
            ],
        }
    },
    "ElasticLoadBalancing::LoadBalancer": {
        "spare-classic": {
            "SecurityGroups": more("function-group"),
            "CrossZone": flip,
            "AccessLoggingPolicy": {"Enabled": True, "S3BucketName": "spare-logs", "EmitInterval": 5},
            "ConnectionDrainingPolicy": {"Enabled": True, "Timeout": 120},
            "ConnectionSettings": {"IdleTimeout": 30},
        },
    },
    "ElasticLoadBalancingV2::LoadBalancer": {
        "spare-balancer": {"SecurityGroups": Put(part("function-group"))},
    },
    "EC2::Subnet": {
        "private-subnet-a": {"MapPublicIpOnLaunch": flip, "AssignIpv6AddressOnCreation": flip, "EnableDns64": flip}
    },
    "EC2::VPC": {"vpc": {"EnableDnsSupport": flip, "EnableDnsHostnames": flip}},
    "EC2::VPCEndpoint": {
        "spare-gateway-endpoint": {
            "PolicyDocument": [guarded, ABSENT],
            "PolicyDocument.Statement[0].Action": ["s3:PutObject"],
            "RouteTableIds": [Put(part("public-routes")), Put(take=first)],
        },
        "spare-endpoint": {
            "PolicyDocument": guarded,
            "PrivateDnsEnabled": flip,
            "SubnetIds": Put(part("private-subnet-b")),
            "SecurityGroupIds": [Put(part("function-group")), Put(part("function-group"), first)],
        },
    },
    "Events::Rule": {
        "cleanup-schedule": {
            "Description": ["another", ABSENT],
            "ScheduleExpression": "cron(0 3 * * ? *)",
            "State": "DISABLED",
            "RoleArn": arn("spare-schedule-role"),
            "Targets[Id=handler].RetryPolicy.MaximumRetryAttempts": 5,
        },
        "spare-rule": {
            "EventPattern": {"source": ["aws.s3"], "detail-type": ["Object Created"]},
            "Targets": [Put(lambda now, built: {"Id": "more", "Arn": built["alarm-topic"]}), Put(take=first)],
        },
    },
    "IAM::AccountPasswordPolicy": {
        "account": {
            "MinimumPasswordLength": 20,
            "RequireSymbols": flip,
            "RequireNumbers": flip,
            "RequireUppercaseCharacters": flip,
            "RequireLowercaseCharacters": flip,
            "AllowUsersToChangePassword": flip,
            "MaxPasswordAge": 90,
            "PasswordReusePrevention": [12, ABSENT],
            "HardExpiry": flip,
        }
    },
    "IAM::Group": {
        "spare-group": {
            "Policies": [Put(INLINE), Put(take=first)],
            "ManagedPolicyArns": Put(part("spare-policy")),
        }
    },
    "IAM::InstanceProfile": {"spare-profile": {"Roles": [Put(take=first), Put(part("spare-role"), first)]}},
    "IAM::ManagedPolicy": {"spare-policy": {"PolicyDocument": statement}},
    "IAM::Role": {
        "spare-role": {
            "AssumeRolePolicyDocument.Statement[0].Principal": {"Service": ["ec2.amazonaws.com"]},
            "Policies": [Put(INLINE), Put(take=first), Put({**INLINE, "PolicyName": "first"}, first)],
            "ManagedPolicyArns": Put(part("spare-policy")),
            "PermissionsBoundary": part("spare-boundary"),
            "MaxSessionDuration": 3600,
        }
    },
    "IAM::User": {
        "spare-user": {
            "Policies": [Put(INLINE), Put(take=first)],
            "ManagedPolicyArns": Put(part("spare-policy")),
            "Groups": [Put(part("spare-group-2")), Put(take=first)],
            "PermissionsBoundary": part("spare-boundary"),
        }
    },
    "KMS::Alias": {"key-alias": {"TargetKeyId": part("spare-key")}},
    "KMS::Key": {"key": {"Enabled": flip, "EnableKeyRotation": flip, "KeyPolicy": guarded}},
    "Lambda::Function": {
        "cleanup": {
            "Description": "another",
            "Runtime": "nodejs20.x",
            "Handler": "other.handler",
            "MemorySize": 1024,
            "Timeout": 60,
            "EphemeralStorage.Size": 1024,
            "Role": arn("spare-role"),
            "VpcConfig": ABSENT,
            "VpcConfig.SubnetIds": Put(take=first),
            "KmsKeyArn": arn("key"),
            "TracingConfig.Mode": "Active",
            "LoggingConfig.LogGroup": part("server-logs"),
            "DeadLetterConfig": lambda now, built: {"TargetArn": built["alarm-topic"]},
            "Layers": Put(part("spare-layer")),
            "ReservedConcurrentExecutions": [5, 0],
        }
    },
    "Lambda::Url": {
        "server-url": {
            "AuthType": "NONE",
            "InvokeMode": "BUFFERED",
            "Cors": {"AllowOrigins": ["https://cuggu.com"], "AllowMethods": ["GET"], "MaxAge": 60},
        }
    },
    "Scheduler::Schedule": {
        "spare-schedule": {
            "State": "DISABLED",
            "Description": ["another", ABSENT],
            "ScheduleExpression": "rate(2 hours)",
            "ScheduleExpressionTimezone": ["Europe/Berlin", ABSENT],
            "StartDate": "2030-01-01T00:00:00Z",
            "EndDate": ["2031-01-01T00:00:00Z", ABSENT],
            "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15},
            "KmsKeyArn": arn("key"),
            "Target.RetryPolicy.MaximumRetryAttempts": 7,
        }
    },
}
