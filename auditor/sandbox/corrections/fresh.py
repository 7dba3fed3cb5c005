"""Questions moto cannot answer, whose answer in an account that never touched the subject is known.

Nothing here can be changed in the sandbox: the writing operations of the same subjects are answered with
`NotImplemented`, so the constant stays true. What can be changed is corrected in the other files.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from auditor.sandbox.call import Call, Refusal
from auditor.sandbox.corrections import Ask, Correction, corrects

AUTHORITIES = ("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1")


def authority(name: str) -> dict[str, Any]:
    made, ends = datetime(2021, 5, 25, tzinfo=UTC), datetime(2061, 5, 25, tzinfo=UTC)
    return {"CertificateIdentifier": name, "CertificateType": "CA", "ValidFrom": made, "ValidTill": ends}


NOTHING: dict[str, Any] = {"MaxItems": 100, "Quantity": 0}

ANSWERS: dict[tuple[str, str], Mapping[str, Any] | Refusal] = {
    ("account", "GetAlternateContact"): Refusal(
        "ResourceNotFoundException", "No contact of the inputted alternate contact type found.", 404
    ),
    ("cloudfront", "GetMonitoringSubscription"): Refusal(
        "NoSuchMonitoringSubscription", "A monitoring subscription does not exist.", 404
    ),
    ("cloudfront", "ListAnycastIpLists"): {"AnycastIpLists": NOTHING | {"Marker": "", "IsTruncated": False}},
    ("cloudfront", "ListContinuousDeploymentPolicies"): {"ContinuousDeploymentPolicyList": NOTHING},
    ("cloudfront", "ListFieldLevelEncryptionConfigs"): {"FieldLevelEncryptionList": NOTHING},
    ("cloudfront", "ListFieldLevelEncryptionProfiles"): {"FieldLevelEncryptionProfileList": NOTHING},
    ("cloudfront", "ListRealtimeLogConfigs"): {
        "RealtimeLogConfigs": {"MaxItems": 100, "IsTruncated": False, "Marker": ""}
    },
    ("cloudfront", "ListStreamingDistributions"): {
        "StreamingDistributionList": NOTHING | {"Marker": "", "IsTruncated": False}
    },
    ("cloudfront", "ListVpcOrigins"): {"VpcOriginList": NOTHING | {"Marker": "", "IsTruncated": False}},
    ("cloudwatch", "DescribeAnomalyDetectors"): {"AnomalyDetectors": []},
    ("cloudwatch", "ListMetricStreams"): {"Entries": []},
    ("ec2", "DescribeClientVpnEndpoints"): {"ClientVpnEndpoints": []},
    ("ec2", "DescribeIpamPools"): {"IpamPools": []},
    ("ec2", "DescribeLocalGateways"): {"LocalGateways": []},
    ("ec2", "DescribeNetworkInterfacePermissions"): {"NetworkInterfacePermissions": []},
    ("ec2", "DescribePublicIpv4Pools"): {"PublicIpv4Pools": []},
    ("ec2", "DescribeReservedInstances"): {"ReservedInstances": []},
    ("ec2", "DescribeSecurityGroupVpcAssociations"): {"SecurityGroupVpcAssociations": []},
    ("ec2", "DescribeVpcBlockPublicAccessExclusions"): {"VpcBlockPublicAccessExclusions": []},
    ("events", "ListEndpoints"): {"Endpoints": []},
    ("events", "ListEventSources"): {"EventSources": []},
    ("kms", "DescribeCustomKeyStores"): {"CustomKeyStores": [], "Truncated": False},
    ("lambda", "ListCodeSigningConfigs"): {"CodeSigningConfigs": []},
    ("lambda", "ListProvisionedConcurrencyConfigs"): {"ProvisionedConcurrencyConfigs": []},
    ("logs", "DescribeAccountPolicies"): {"accountPolicies": []},
    ("logs", "DescribeQueryDefinitions"): {"queryDefinitions": []},
    ("logs", "ListLogAnomalyDetectors"): {"anomalyDetectors": []},
    ("rds", "DescribeCertificates"): {"Certificates": [authority(name) for name in AUTHORITIES]},
    ("rds", "DescribeIntegrations"): {"Integrations": []},
    ("rds", "DescribePendingMaintenanceActions"): {"PendingMaintenanceActions": []},
    ("rds", "DescribeReservedDBInstances"): {"ReservedDBInstances": []},
    ("route53", "ListCidrCollections"): {"CidrCollections": []},
    ("route53", "ListTrafficPolicies"): {
        "TrafficPolicySummaries": [],
        "IsTruncated": False,
        "TrafficPolicyIdMarker": "",
        "MaxItems": "100",
    },
    ("s3", "GetBucketAbac"): {"AbacStatus": {"Status": "Disabled"}},
    ("s3", "GetBucketMetadataConfiguration"): Refusal(
        "MetadataConfigurationNotFound", "The metadata configuration was not found", 404
    ),
    ("s3", "GetBucketMetadataTableConfiguration"): Refusal(
        "MetadataConfigurationNotFound", "The metadata configuration was not found", 404
    ),
    ("s3", "GetBucketRequestPayment"): {"Payer": "BucketOwner"},
    ("sns", "ListOriginationNumbers"): {"PhoneNumbers": []},
}


def answering(answer: Mapping[str, Any] | Refusal) -> Correction:
    def correction(call: Call, ask: Ask) -> Mapping[str, Any]:
        if isinstance(answer, Refusal):
            raise Refusal(answer.code, answer.message, answer.status)
        return answer

    return correction


for _asked, _answer in ANSWERS.items():
    corrects(*_asked)(answering(_answer))
