"""Other people's things in the same account: each of a type that the document names, and none of them its part."""

from __future__ import annotations

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.compute import BASIC, package
from auditor.sandbox.cuggu.names import trust
from auditor.sandbox.cuggu.neighbours import build_settings

LINKED = ("rds.amazonaws.com", "support.amazonaws.com", "ops.apigateway.amazonaws.com")


def build(built: Built) -> None:
    build_settings(built)
    for service in LINKED:
        built.client("iam").create_service_linked_role(AWSServiceName=service)
    build_hooks(built)
    build_rest(built)


def build_hooks(built: Built) -> None:
    """A partner's web hooks: a function behind a REST API with a stage that is called dev as well."""
    role = built.client("iam").create_role(
        RoleName="partner-hooks", AssumeRolePolicyDocument=trust("lambda.amazonaws.com")
    )["Role"]
    built.client("iam").attach_role_policy(RoleName=role["RoleName"], PolicyArn=BASIC)
    logs = built.client("logs")
    logs.create_log_group(logGroupName="/aws/lambda/partner-hooks")
    logs.put_retention_policy(logGroupName="/aws/lambda/partner-hooks", retentionInDays=30)
    function = built.client("lambda").create_function(
        FunctionName="partner-hooks",
        Runtime="nodejs22.x",
        Handler="index.handler",
        Role=role["Arn"],
        Code={"ZipFile": package()},
        Tags={"team": "partners"},
    )["FunctionArn"]
    rest = built.client("apigateway")
    api = rest.create_rest_api(name="partner-hooks")
    hooks = rest.create_resource(restApiId=api["id"], parentId=api["rootResourceId"], pathPart="hooks")["id"]
    where = {"restApiId": api["id"], "resourceId": hooks, "httpMethod": "POST"}
    rest.put_method(**where, authorizationType="AWS_IAM")
    called = f"arn:aws:apigateway:{built.region}:lambda:path/2015-03-31/functions/{function}/invocations"
    rest.put_integration(**where, type="AWS_PROXY", integrationHttpMethod="POST", uri=called)
    deployed = rest.create_deployment(restApiId=api["id"])["id"]
    rest.create_stage(restApiId=api["id"], stageName="dev", deploymentId=deployed)


def build_rest(built: Built) -> None:
    """What a bootstrap leaves, and a second of whatever nothing but its type tells: users, a zone, secrets, a topic."""
    s3 = built.client("s3")
    for name in (f"cdk-hnb659fds-assets-{built.account}-us-east-1", "partner-reports-3f9a"):
        s3.create_bucket(Bucket=name)
    built.client("cognito-idp").create_user_pool(PoolName="intranet", UserPoolTags={"team": "people"})
    built.client("route53").create_hosted_zone(Name="partner-hooks.example", CallerReference="hooks")
    built.client("secretsmanager").create_secret(Name="partner/webhook-key", SecretString="not-a-real-key")
    topic = built.client("sns").create_topic(Name="partner-errors")["TopicArn"]
    built.client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="partners@example.com")
    built.client("cloudwatch").put_metric_alarm(
        AlarmName="partner-hooks-errors",
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Statistic="Sum",
        Dimensions=[{"Name": "FunctionName", "Value": "partner-hooks"}],
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[topic],
    )
