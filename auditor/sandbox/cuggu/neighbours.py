"""What stands in a real account beside the system: settings, the way in for GitHub, and other people's things.

Not in the diagram and no drift: service-linked roles, what `cdk bootstrap` and SST leave behind, a bot of another
team. Only the settings, the OIDC provider and the deploy role belong to cuggu (section 4: GitHub -> SST).
"""

from __future__ import annotations

import json

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.compute import BASIC, package
from auditor.sandbox.cuggu.names import policy, tls_only, trust

BLOCKED = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
GITHUB = "token.actions.githubusercontent.com"
LINKED = ("rds.amazonaws.com", "support.amazonaws.com", "trustedadvisor.amazonaws.com")
QUALIFIER = "hnb659fds"  # the one `cdk bootstrap` uses everywhere


def build_settings(built: Built) -> None:
    """Account-wide: no public buckets, a password policy, encrypted volumes."""
    built.client("s3control").put_public_access_block(
        AccountId=built.account, PublicAccessBlockConfiguration=dict.fromkeys(BLOCKED, True)
    )
    built.client("iam").update_account_password_policy(
        MinimumPasswordLength=14,
        RequireSymbols=True,
        RequireNumbers=True,
        RequireUppercaseCharacters=True,
        RequireLowercaseCharacters=True,
        AllowUsersToChangePassword=True,
        PasswordReusePrevention=24,
    )
    built.client("ec2").enable_ebs_encryption_by_default()


def build(built: Built) -> None:
    build_deployment(built)
    for service in LINKED:
        built.client("iam").create_service_linked_role(AWSServiceName=service)
    build_bootstrap(built)
    build_sst_state(built)
    build_bot(built)


def build_deployment(built: Built) -> None:
    """Only the main branch of one repository may deploy, and only what is named like cuggu's."""
    iam = built.client("iam")
    provider = iam.create_open_id_connect_provider(
        Url=f"https://{GITHUB}",
        ClientIDList=["sts.amazonaws.com"],
        ThumbprintList=["6938fd4d98bab03faadb97b34396831e3780aea1"],
    )["OpenIDConnectProviderArn"]
    built.put("github", provider, provider)
    who = {
        "StringEquals": {
            f"{GITHUB}:aud": "sts.amazonaws.com",
            f"{GITHUB}:sub": "repo:cuggu/cuggu-web:ref:refs/heads/main",
        }
    }
    role = iam.create_role(
        RoleName="cuggu-github-actions",
        AssumeRolePolicyDocument=policy(
            {"Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": who}
        ),
        Description="GitHub Actions: sst deploy --stage prod",
        MaxSessionDuration=3600,
    )["Role"]
    built.put("deploy-role", role["RoleName"], role["Arn"])
    account = built.account
    made = iam.create_policy(
        PolicyName="cuggu-sst-deploy",
        PolicyDocument=policy(
            {
                "Action": ["lambda:GetFunction*", "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"],
                "Resource": f"arn:aws:lambda:ap-northeast-2:{account}:function:cuggu-prod-*",
            },
            {
                "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"],
                "Resource": [
                    "arn:aws:s3:::cuggu-prod-*",
                    "arn:aws:s3:::cuggu-prod-*/*",
                    "arn:aws:s3:::sst-state-kxswhmbd",
                    "arn:aws:s3:::sst-state-kxswhmbd/*",
                ],
            },
            {
                "Action": [
                    "cloudfront:GetDistribution",
                    "cloudfront:UpdateDistribution",
                    "cloudfront:CreateInvalidation",
                ],
                "Resource": built.arn("cdn"),
            },
            {"Action": "route53:ChangeResourceRecordSets", "Resource": f"arn:aws:route53:::hostedzone/{built['zone']}"},
            {
                "Action": "sts:AssumeRole",
                "Resource": f"arn:aws:iam::{account}:role/cdk-{QUALIFIER}-*-{account}-ap-northeast-2",
            },
        ),
    )["Policy"]["Arn"]
    built.put("deploy-policy", made, made)
    iam.attach_role_policy(RoleName=role["RoleName"], PolicyArn=made)


def build_bootstrap(built: Built) -> None:
    """What `cdk bootstrap` leaves: a bucket, roles, a parameter. Its execution policy was narrowed, as it should be."""
    iam, s3, account = built.client("iam"), built.client("s3"), built.account
    bucket = f"cdk-{QUALIFIER}-assets-{account}-ap-northeast-2"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_policy(
        Bucket=bucket,
        Policy=policy(tls_only(bucket, "AllowSSLRequestsOnly")),
    )
    this_account = policy({"Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"})
    publish = policy(
        {
            "Action": ["s3:GetObject*", "s3:GetBucket*", "s3:List*", "s3:PutObject*"],
            "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        }
    )
    steer = policy(
        {
            "Action": ["cloudformation:CreateChangeSet", "cloudformation:DescribeStacks", "cloudformation:UpdateStack"],
            "Resource": f"arn:aws:cloudformation:ap-northeast-2:{account}:stack/cuggu-*/*",
        }
    )
    execute = policy(
        {"Action": ["lambda:*", "logs:*", "events:*"], "Resource": f"arn:aws:*:ap-northeast-2:{account}:*"}
    )
    for kind, document, trusted in (
        ("deploy", steer, this_account),
        ("file-publishing", publish, this_account),
        ("cfn-exec", execute, trust("cloudformation.amazonaws.com")),
    ):
        name = f"cdk-{QUALIFIER}-{kind}-role-{account}-ap-northeast-2"
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusted)
        iam.put_role_policy(RoleName=name, PolicyName="default", PolicyDocument=document)
    built.client("ssm").put_parameter(Name=f"/cdk-bootstrap/{QUALIFIER}/version", Value="21", Type="String")


def build_sst_state(built: Built) -> None:
    """SST keeps its state in a bucket and its bootstrap in a parameter."""
    s3 = built.client("s3")
    for name in ("sst-state-kxswhmbd", "sst-asset-kxswhmbd"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    state = {"version": 1, "state": "sst-state-kxswhmbd", "asset": "sst-asset-kxswhmbd"}
    built.client("ssm").put_parameter(Name="/sst/bootstrap", Value=json.dumps(state), Type="String")


def build_bot(built: Built) -> None:
    """Another team's function, with its role and its logs: none of it is cuggu's."""
    iam, logs = built.client("iam"), built.client("logs")
    role = iam.create_role(
        RoleName="lunch-bot-role-p3qk8w1z",
        Path="/service-role/",
        AssumeRolePolicyDocument=trust("lambda.amazonaws.com"),
    )["Role"]
    iam.attach_role_policy(RoleName=role["RoleName"], PolicyArn=BASIC)
    logs.create_log_group(logGroupName="/aws/lambda/lunch-bot")
    logs.put_retention_policy(logGroupName="/aws/lambda/lunch-bot", retentionInDays=30)
    built.client("lambda").create_function(
        FunctionName="lunch-bot",
        Runtime="nodejs22.x",
        Handler="index.handler",
        Role=role["Arn"],
        Code={"ZipFile": package()},
        Tags={"team": "people"},
    )
