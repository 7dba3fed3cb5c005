"""The eight ways in which the demo lets couple drift: what a young team does to save money, or to get on."""

from __future__ import annotations

from auditor.sandbox.built import Built
from auditor.sandbox.couple.edge import to_https
from auditor.sandbox.cuggu.names import policy
from auditor.sandbox.drifts import Drift


def take_firewall_away(built: Built) -> None:
    built.client("wafv2").disassociate_web_acl(ResourceArn=built.arn("prod/balancer"))


def drop_standby(built: Built) -> None:
    built.client("rds").modify_db_instance(
        DBInstanceIdentifier=built["prod/database"], MultiAZ=False, ApplyImmediately=True
    )


def open_cache(built: Built) -> None:
    anyone = [{"CidrIp": "0.0.0.0/0", "Description": "redis-cli from home, temporary"}]
    built.client("ec2").authorize_security_group_ingress(
        GroupId=built["prod/cache-group"],
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 6379, "ToPort": 6379, "IpRanges": anyone}],
    )


def move_to_spot(built: Built) -> None:
    built.client("ecs").update_service(
        cluster=built["prod/cluster"],
        service="web",
        capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
        forceNewDeployment=True,
    )


def widen_role(built: Built) -> None:
    everything = policy({"Action": "s3:*", "Resource": "*"})
    built.client("iam").put_role_policy(
        RoleName=built["prod/task-role"], PolicyName="quick-fix", PolicyDocument=everything
    )


def stop_tracing(built: Built) -> None:
    built.client("lambda").update_function_configuration(
        FunctionName=built["prod/socket-function"], TracingConfig={"Mode": "PassThrough"}
    )


def silence_alarm(built: Built) -> None:
    built.client("cloudwatch").disable_alarm_actions(AlarmNames=[built["prod/alarm-db-cpu"]])


def stop_forwarding(built: Built) -> None:
    built.client("elbv2").modify_listener(ListenerArn=built["dev/https"], DefaultActions=[to_https()])


DRIFTS = (
    Drift("firewall-gone", "prod/balancer", "The web ACL was taken from the load balancer.", take_firewall_away),
    Drift(
        "standby-dropped", "prod/database", "The database of production lost its standby, for the bill.", drop_standby
    ),
    Drift("cache-open", "prod/cache", "Redis takes connections from everywhere.", open_cache),
    Drift("on-spot", "prod/service", "Production moved to Fargate Spot, as development does.", move_to_spot),
    Drift("role-widened", "prod/task-role", "The tasks may now do everything to every bucket.", widen_role),
    Drift(
        "traces-off", "prod/socket-function", "The function behind the WebSocket API is traced no more.", stop_tracing
    ),
    Drift("alarm-silenced", "prod/alarm-db-cpu", "Nobody hears the alarm on the database any more.", silence_alarm),
    Drift("loop-in-dev", "dev/https", "The listener of development sends visitors in a circle.", stop_forwarding),
)
