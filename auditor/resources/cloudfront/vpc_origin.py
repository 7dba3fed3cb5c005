"""A private origin: a load balancer or a machine that distributions reach inside its network, with no public address.

The list does not tell the ports, so that each is read by a call of its own.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.cloudfront import _live

TYPE = ResourceType(
    cfn="AWS::CloudFront::VpcOrigin",
    service="cloudfront",
    list=Call("list_vpc_origins", out="VpcOriginList.Items"),
    scope="global",
    id="Id",
    arn="Arn",
    name="Name",
    tags="",
    tags_call=Call("list_tags_for_resource", {"Resource": "{arn}"}, out="Tags.Items"),
    terraform=("aws_cloudfront_vpc_origin",),
    props=(
        Prop("Id"),
        Prop("Status", absent="unknown", tf="-"),
        Prop(
            "VpcOriginEndpointConfig",
            call=Call("get_vpc_origin", {"Id": "{id}"}, out="VpcOrigin.VpcOriginEndpointConfig"),
            read=_live.unwrap,
            absent="unknown",
        ),
    ),
    edges=(
        EdgeTo(
            "draws-from",
            "VpcOriginEndpointConfig.Arn",
            ("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::EC2::Instance"),
        ),
    ),
)
