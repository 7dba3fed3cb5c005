"""Section 7.3 and 2.2: the alarm on the account's bill, which both environments share, and the user that deploys."""

from __future__ import annotations

from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.names import policy

DEPLOYER = "dualtetrax-cdk-deployer"


def build(built: Built) -> None:
    sns = built.client("sns")
    topic = sns.create_topic(Name="DualTetraXMonitoring-CostAlertTopic4D1F2B3A-9xQ2mZ7vKc1p")["TopicArn"]
    built.put("cost-topic", topic, topic)
    mail = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@dualtetrax.com", ReturnSubscriptionArn=True)
    built.put("cost-mail", mail["SubscriptionArn"], mail["SubscriptionArn"])
    name = "DualTetraXMonitoring-CostAlarm9D4C3B2A-1KzP5rT8wQ0e"
    built.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        AlarmDescription="The bill of this month is above 50 USD",
        Namespace="AWS/Billing",
        MetricName="EstimatedCharges",
        Statistic="Maximum",
        Dimensions=[{"Name": "Currency", "Value": "USD"}],
        Period=300,
        EvaluationPeriods=1,
        Threshold=50,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        ActionsEnabled=True,
        AlarmActions=[topic],
    )
    built.put("cost-alarm", name, f"arn:aws:cloudwatch:{built.region}:{built.account}:alarm:{name}")
    iam = built.client("iam")
    made = iam.create_user(UserName=DEPLOYER)["User"]
    built.put("deployer", DEPLOYER, made["Arn"])
    # Administrator rights were for the first set-up; since then the user may take the roles of CDK's bootstrap.
    through = {"Action": "sts:AssumeRole", "Resource": f"arn:aws:iam::{built.account}:role/cdk-hnb659fds-*"}
    iam.put_user_policy(UserName=DEPLOYER, PolicyName="deploy", PolicyDocument=policy(through))
