"""What is wanted of the edge, of what watches, and of what keeps data: type -> role -> place -> wish."""

from __future__ import annotations

from typing import Any

from auditor.model import ABSENT
from tests.remedy.wishes import Put, arn, first, flip, guarded, last, more, part

KMS_SSE = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/aws/s3"}
CORS = {"AllowedMethods": ["GET"], "AllowedOrigins": ["https://cuggu.com"]}
OLD = {"Id": "old", "Status": "Enabled", "ExpirationInDays": 30}
EXPIRE = {
    "rulePriority": 1,
    "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 3},
    "action": {"type": "expire"},
}
EVERYBODY = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}

TABLE: dict[str, dict[str, dict[str, Any]]] = {
    "CertificateManager::Certificate": {"certificate": {"CertificateTransparencyLoggingPreference": "DISABLED"}},
    "CloudFront::CachePolicy": {
        "server-cache": {
            "CachePolicyConfig.Comment": ["another", ABSENT],
            "CachePolicyConfig.DefaultTTL": 60,
            "CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin.HeadersConfig.Headers": Put("x-more"),
        }
    },
    "CloudFront::Distribution": {
        "cdn": {
            "DistributionConfig.Comment": ["another", ABSENT],
            "DistributionConfig.HttpVersion": "http2",
            "DistributionConfig.PriceClass": "PriceClass_All",
            "DistributionConfig.DefaultRootObject": "index.html",
            "DistributionConfig.Aliases": [Put("shop.cuggu.com"), Put(take="www.cuggu.com")],
            "DistributionConfig.Logging": {
                "Bucket": "logs.s3.amazonaws.com",
                "Prefix": "cdn/",
                "IncludeCookies": False,
            },
            "DistributionConfig.WebACLId": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/x/1",
            "DistributionConfig.Restrictions.GeoRestriction": {"RestrictionType": "whitelist", "Locations": ["KR"]},
            "DistributionConfig.ViewerCertificate.MinimumProtocolVersion": "TLSv1.2_2019",
            "DistributionConfig.Origins[Id=s3].OriginAccessControlId": [ABSENT, part("images-access")],
            "DistributionConfig.Origins[Id=server].CustomOriginConfig.OriginReadTimeout": 30,
            "DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy": "https-only",
            "DistributionConfig.DefaultCacheBehavior.FunctionAssociations": ABSENT,
            "DistributionConfig.DefaultCacheBehavior.AllowedMethods": ["GET", "HEAD"],
            "DistributionConfig.DefaultCacheBehavior.CachedMethods": ["GET", "HEAD", "OPTIONS"],
            "DistributionConfig.CacheBehaviors[PathPattern=favicon.ico].Compress": False,
            "DistributionConfig.CacheBehaviors[PathPattern=favicon.ico]": ABSENT,
            "DistributionConfig.CustomErrorResponses": Put(
                {"ErrorCode": 404, "ErrorCachingMinTTL": 10, "ResponseCode": 200, "ResponsePagePath": "/gone.html"}
            ),
        }
    },
    "CloudFront::OriginAccessControl": {
        "static-access": {
            "OriginAccessControlConfig.SigningBehavior": "never",
            "OriginAccessControlConfig.Description": "another",
        }
    },
    "CloudFront::ResponseHeadersPolicy": {
        "headers": {
            "ResponseHeadersPolicyConfig.Comment": "another",
            "ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity.IncludeSubdomains": False,
            "ResponseHeadersPolicyConfig.SecurityHeadersConfig.FrameOptions": {"FrameOption": "DENY", "Override": True},
            "ResponseHeadersPolicyConfig.RemoveHeadersConfig": {"Items": [{"Header": "Server"}]},
        }
    },
    "CloudWatch::Alarm": {
        "alarm-on-server-errors": {
            "AlarmDescription": "somebody has to look",
            "Namespace": "AWS/Usage",
            "MetricName": "Invocations",
            "Dimensions": [Put({"Name": "Resource", "Value": "x"}), ABSENT],
            "Statistic": "Average",
            "Period": 60,
            "Unit": "Count",
            "EvaluationPeriods": 3,
            "DatapointsToAlarm": 1,
            "Threshold": 2.5,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": ["breaching", ABSENT],
            "ActionsEnabled": flip,
            "AlarmActions": [more("spare-topic"), ABSENT],
            "OKActions": Put(take=first),
            "InsufficientDataActions": Put(part("spare-topic")),
        },
        "spare-percentile-alarm": {
            "ExtendedStatistic": "p99",
            "AlarmActions": [Put(take=first), Put(take=last)],
            "Dimensions": [Put(take=first), Put(take=last), Put({"Name": "Middle", "Value": "x"})],
        },
        "spare-math-alarm": {"Metrics[Id=a].MetricStat.Period": 300, "Threshold": 7.0},
    },
    "CloudWatch::Dashboard": {"dashboard": {"DashboardBody": {"widgets": []}}},
    "ECR::Repository": {
        "spare-images": {
            "ImageTagMutability": "IMMUTABLE",
            "ImageScanningConfiguration.ScanOnPush": flip,
            "LifecyclePolicy": {"LifecyclePolicyText": {"rules": [EXPIRE]}},
            "RepositoryPolicyText": guarded,
        }
    },
    "EFS::FileSystem": {
        "spare-files": {
            "ThroughputMode": "elastic",
            "LifecyclePolicies": [Put({"TransitionToIA": "AFTER_7_DAYS"})],
            "BackupPolicy": {"Status": "ENABLED"},
            "FileSystemPolicy": guarded,
        }
    },
    "Logs::LogGroup": {"server-logs": {"RetentionInDays": [90, ABSENT], "KmsKeyId": arn("key")}},
    "RDS::DBInstance": {
        "database": {
            "DBInstanceClass": "db.t4g.small",
            "MultiAZ": flip,
            "PubliclyAccessible": flip,
            "VPCSecurityGroups": Put(part("spare-security-group")),
            "BackupRetentionPeriod": 14,
            "PreferredBackupWindow": "16:00-16:30",
            "PreferredMaintenanceWindow": "sat:18:30-sat:19:00",
            "CopyTagsToSnapshot": flip,
            "DeletionProtection": flip,
            "AutoMinorVersionUpgrade": flip,
            "EnableCloudwatchLogsExports": [Put("upgrade"), Put(take="postgresql")],
            "MonitoringInterval": 60,
            "EnablePerformanceInsights": flip,
            "EnableIAMDatabaseAuthentication": flip,
            "DBParameterGroupName": part("spare-parameters"),
            "CACertificateIdentifier": "rds-ca-ecc384-g1",
        }
    },
    "RDS::DBProxy": {
        "proxy": {
            "RequireTLS": flip,
            "Auth[0].IAMAuth": "REQUIRED",
            "RoleArn": arn("spare-proxy-role"),
            "VpcSecurityGroupIds": Put(part("spare-security-group")),
            "IdleClientTimeout": 600,
            "DebugLogging": flip,
        }
    },
    "RDS::DBProxyTargetGroup": {
        "proxy-targets": {
            "ConnectionPoolConfigurationInfo.MaxConnectionsPercent": 50,
            "DBInstanceIdentifiers": Put(part("spare-database"), first),
            "DBClusterIdentifiers": Put(part("spare-cluster")),
        }
    },
    "RDS::DBSubnetGroup": {
        "database-subnets": {"DBSubnetGroupDescription": "another", "SubnetIds": Put(part("public-subnet-a"))}
    },
    "Route53::HostedZone": {
        "zone": {"HostedZoneConfig.Comment": "another", "HostedZoneConfig": ABSENT},
        "spare-zone": {"VPCs": Put(lambda now, built: {"VPCRegion": "ap-northeast-2", "VPCId": built["spare-vpc"]})},
    },
    "Route53::RecordSet": {
        "spare-record-green": {
            "TTL": "60",
            "ResourceRecords": ["other.example.com"],
            "Weight": 9,
            "HealthCheckId": [part("spare-health-2"), ABSENT],
        },
        "spare-www": {"AliasTarget.EvaluateTargetHealth": flip, "AliasTarget.DNSName": "d1.cloudfront.net"},
    },
    "S3::AccountPublicAccessBlock": {
        "account": {
            "PublicAccessBlockConfiguration.BlockPublicAcls": flip,
            "PublicAccessBlockConfiguration": ABSENT,
        }
    },
    "S3::Bucket": {
        "static-bucket": {
            "PublicAccessBlockConfiguration.BlockPublicAcls": flip,
            "PublicAccessBlockConfiguration": ABSENT,
            "BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault": KMS_SSE,
            "VersioningConfiguration.Status": lambda now, _: "Suspended" if now == "Enabled" else "Enabled",
            "LoggingConfiguration": lambda now, built: {
                "DestinationBucketName": built["spare-bucket"],
                "LogFilePrefix": "s3/",
            },
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
            "LifecycleConfiguration": {
                "Rules": [OLD],
                "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K",
            },
            "WebsiteConfiguration": {"IndexDocument": "index.html", "ErrorDocument": "gone.html"},
            "NotificationConfiguration": lambda now, built: {
                "LambdaConfigurations": [{"Event": "s3:ObjectCreated:*", "Function": built.arn("cleanup")}]
            },
            "CorsConfiguration": {"CorsRules": [{"Id": "site", **CORS, "MaxAge": 60}]},
        },
        "spare-bucket": {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"BucketKeyEnabled": True, "ServerSideEncryptionByDefault": KMS_SSE}
                ]
            },
            "VersioningConfiguration": {"Status": "Enabled"},
            "AccessControlPolicy.Grants": Put({"Grantee": EVERYBODY, "Permission": "WRITE"}),
        },
    },
    "S3::BucketPolicy": {"static-bucket": {"PolicyDocument": [guarded, ABSENT]}},
    "SNS::Subscription": {"alarm-mail": {"FilterPolicy": {"severity": ["high"]}}},
    "SNS::Topic": {
        "alarm-topic": {
            "DisplayName": "on call",
            "KmsMasterKeyId": [arn("key"), ABSENT],
            "TopicPolicy": guarded,
        }
    },
    "SQS::Queue": {
        "spare-queue": {
            "DelaySeconds": 5,
            "MessageRetentionPeriod": 60,
            "ReceiveMessageWaitTimeSeconds": 20,
            "VisibilityTimeout": 60,
            "MaximumMessageSize": 1024,
            "SqsManagedSseEnabled": flip,
            "KmsMasterKeyId": arn("key"),
            "RedrivePolicy": lambda now, built: {
                "deadLetterTargetArn": built.arn("spare-dead"),
                "maxReceiveCount": 3,
            },
            "QueuePolicy": guarded,
        },
        "spare-dead": {"KmsMasterKeyId": ABSENT, "KmsDataKeyReusePeriodSeconds": 600},
    },
    "SecretsManager::Secret": {
        "database-secret": {"KmsKeyId": [arn("spare-key"), ABSENT], "ResourcePolicy": guarded},
    },
}
