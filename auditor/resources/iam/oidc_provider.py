"""An identity provider: whose tokens the account's roles may trust, and for which audiences.

The list gives ARNs only, in which the issuer's address stands. That of an EKS cluster is the cluster's own.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.iam._live import issuer, providers, referred

_GET = Call("get_open_id_connect_provider", {"OpenIDConnectProviderArn": "{arn}"})
_WHICH = {"OpenIDConnectProviderArn": "{Arn}"}

TYPE = ResourceType(
    cfn="AWS::IAM::OIDCProvider",
    service="iam",
    list=Call("list_open_id_connect_providers", out="OpenIDConnectProviderList"),
    items=providers,
    id="Arn",
    arn="Arn",
    name="Url",
    names=("{raw.Url}",),
    scope="global",
    tags="",
    tags_call=Call("get_open_id_connect_provider", {"OpenIDConnectProviderArn": "{arn}"}, out="Tags"),
    terraform=("aws_iam_openid_connect_provider",),
    props=(
        Prop("Arn"),
        Prop("Url", tidy=issuer, absent="unknown"),
        Prop(
            "ClientIdList",
            live="ClientIDList",
            call=_GET,
            same="set",
            default=[],
            add=Call("add_client_id_to_open_id_connect_provider", {**_WHICH, "ClientID": "{element}"}),
            remove=Call("remove_client_id_from_open_id_connect_provider", {**_WHICH, "ClientID": "{element}"}),
            risk="interrupts",
            note="tokens for a removed audience get no credentials any more",
        ),
        Prop("ThumbprintList", live="ThumbprintList", call=_GET, same="set", absent="not set", always=True),
    ),
    edges=(EdgeTo("trusts", "Url", ("AWS::EKS::Cluster",), take=referred),),
)
