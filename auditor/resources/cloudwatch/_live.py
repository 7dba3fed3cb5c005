"""What alarms and dashboards share: metrics say whom they measure in their dimensions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from auditor.model import EdgeTo, Json

# The dimension by which CloudWatch names a resource of a type.
MEASURED = (
    ("FunctionName", "AWS::Lambda::Function"),
    ("DBInstanceIdentifier", "AWS::RDS::DBInstance"),
    ("ProxyName", "AWS::RDS::DBProxy"),
    ("DistributionId", "AWS::CloudFront::Distribution"),
    ("BucketName", "AWS::S3::Bucket"),
    ("InstanceId", "AWS::EC2::Instance"),
    ("NatGatewayId", "AWS::EC2::NatGateway"),
    ("TopicName", "AWS::SNS::Topic"),
    ("RuleName", "AWS::Events::Rule"),
    ("LogGroupName", "AWS::Logs::LogGroup"),
)


def watching(via: str) -> tuple[EdgeTo, ...]:
    """An edge for each kind of resource that the dimensions at `via` may name."""
    return tuple(EdgeTo("watches", via, (cfn,), take=_dimension(name)) for name, cfn in MEASURED)


def drawing(via: str) -> tuple[EdgeTo, ...]:
    """The same for the widgets of a dashboard, whose metrics are flat lists of texts."""
    return tuple(EdgeTo("watches", via, (cfn,), take=_drawn(name)) for name, cfn in MEASURED)


def _dimension(name: str) -> Callable[[Json], Iterable[str]]:
    def take(value: Json) -> Iterable[str]:
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, Mapping) and each.get("Name") == name:
                yield str(each.get("Value", ""))

    return take


def _drawn(name: str) -> Callable[[Json], Iterable[str]]:
    def take(body: Json) -> Iterable[str]:
        widgets = body.get("widgets", []) if isinstance(body, Mapping) else []
        for widget in widgets:
            previous: list[Json] = []
            for metric in widget.get("properties", {}).get("metrics", []):
                previous = _spelt_out(metric, previous)
                for key, value in zip(previous[2::2], previous[3::2], strict=False):
                    if key == name and isinstance(value, str):
                        yield value

    return take


def _spelt_out(metric: Json, previous: list[Json]) -> list[Json]:
    """One metric of a widget written out: `.` repeats a place of the row above, `...` its beginning."""
    row = [each for each in metric if not isinstance(each, Mapping)] if isinstance(metric, list) else []
    if row[:1] == ["..."]:
        row = previous[: len(previous) - len(row) + 1] + row[1:]
    return [previous[at] if each == "." and at < len(previous) else each for at, each in enumerate(row)]
