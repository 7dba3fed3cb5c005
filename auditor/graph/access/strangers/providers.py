"""Identity providers of tokens: which are shared by many organizations, and by which claims a token names its own.

Every organization at a shared provider gets tokens of the same issuer, and most may ask for any audience: only a claim
that the provider sets, and that names the organization, tells them apart. A provider whose address names the
organization (CircleCI, Bitbucket, Okta, Entra ID) is that organization's own.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

# A part of a subject that holds no wildcard.
_WORD = r"[^:/*?]+"
WHOLE = r"[^*?]+$"


class Provider(NamedTuple):
    """`names`: the claims that name an organization, each with what a value has to begin with to name one.

    `shared`: everybody may become a tenant. A provider that is not has one owner; its audience tells the owner's
    applications apart, unless all of them show the same.
    """

    name: str
    names: Mapping[str, str]
    shared: bool = True


# repo:OWNER/REPO:... and repo:OWNER@ID/REPO@ID:...: the owner has to be whole, for `repo:acme*` is also acme-evil.
_OWNER = r"[^:/*?@]+(?:@(?:\d+|\*))?"
_GITHUB = Provider(
    "GitHub Actions",
    {
        "sub": rf"(?:(?:repo|repository|job_workflow_ref):{_OWNER}/"
        r"|(?:repository_owner|repository_owner_id|repository_id|enterprise|enterprise_id):[^:/*?]+(?::|$))",
        "repository": rf"{_OWNER}/",
        "job_workflow_ref": rf"{_OWNER}/",
        "repository_owner": WHOLE,
        "repository_owner_id": WHOLE,
        "repository_id": WHOLE,
        "enterprise": WHOLE,
        "enterprise_id": WHOLE,
    },
)
_ORGANIZATION, _ACCOUNT = {"sub": rf"organization:{_WORD}:"}, {"sub": rf"account:{_WORD}:"}
_SUBJECT, _AUDIENCE = {"sub": WHOLE}, {"aud": WHOLE}

# By the issuer's address without its scheme.
SHARED: Mapping[str, Provider] = {
    "cognito-identity.amazonaws.com": Provider("Amazon Cognito", {"aud": WHOLE, "sub": r"[a-z0-9-]+:[0-9a-f-]{36}$"}),
    "accounts.google.com": Provider("Google", {"aud": WHOLE, "sub": WHOLE, "google/organization_number": WHOLE}),
    "graph.facebook.com": Provider("Facebook", {"app_id": WHOLE, "id": WHOLE}),
    "www.amazon.com": Provider("Login with Amazon", {"app_id": WHOLE, "user_id": WHOLE}),
    "appleid.apple.com": Provider("Apple", {"aud": WHOLE, "sub": WHOLE}),
    "id.twitch.tv/oauth2": Provider("Twitch", {"aud": WHOLE, "sub": WHOLE}),
    "login.salesforce.com": Provider("Salesforce", {"aud": WHOLE, "sub": WHOLE}),
    "token.actions.githubusercontent.com": _GITHUB,
    "vstoken.actions.githubusercontent.com": _GITHUB,
    "oidc-configuration.audit-log.githubusercontent.com": Provider("GitHub's audit log", _SUBJECT),
    "gitlab.com": Provider("GitLab", {"sub": r"project_path:[^:/*?]+/"}),
    "app.terraform.io": Provider("HCP Terraform", _ORGANIZATION),
    "app.eu.terraform.io": Provider("HCP Terraform", _ORGANIZATION),
    "agent.buildkite.com": Provider("Buildkite", _ORGANIZATION),
    "oidc.codefresh.io": Provider("Codefresh", _ACCOUNT),
    "scalr.io": Provider("Scalr", _ACCOUNT),
    "oidc.vercel.com": Provider("Vercel", {"aud": r"https://vercel\.com/[^/*?]+$", "sub": rf"owner:{_WORD}:"}),
    "api.pulumi.com/oidc": Provider("Pulumi Cloud", {"aud": WHOLE, "sub": rf"pulumi:(?:[^:*?]+:)*org:{_WORD}:"}),
    "proidc.upbound.io": Provider("Upbound", {"sub": r"mcp:[^:/*?]+/"}),
    "oidc.modal.com": Provider("Modal", {"sub": rf"modal:workspace_id:{_WORD}:"}),
    "studio.datachain.ai/api": Provider("DVC Studio", {"sub": r"credentials:[^:/*?]+/"}),
    "tokens.cloud.shisho.dev": Provider("Shisho Cloud", {"sub": rf"job:{_WORD}:"}),
    "sandboxes.cloud": Provider("sandboxes.cloud", _AUDIENCE),
    "rh-oidc.s3.us-east-1.amazonaws.com": Provider("IBM Turbonomic", _SUBJECT),
    # AWS's page names the session as what tells workspaces of Sentinel apart.
    "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d": Provider(
        "Microsoft Sentinel", {"sts:rolesessionname": WHOLE}
    ),
}

_SERVICE_ACCOUNT = rf"system:serviceaccount:{_WORD}:"
# Every pod of a cluster gets tokens of the same audience.
CLUSTER = Provider("the cluster", {"sub": _SERVICE_ACCOUNT}, shared=False)
_CLUSTERS = re.compile(
    r"oidc[.-]eks\.|.*\.eks\.[a-z0-9-]+\.(amazonaws|api)\.|.*\.oic\.prod-aks\.azure\.com/|container\.googleapis\.com/"
)
# A subject whose first letters are fixed, or an audience that is.
OWN = Provider("the identity provider", {"sub": r"(?!system:serviceaccount:)[^*?]{4,}|" + _SERVICE_ACCOUNT,
                                         "aud": WHOLE, "amr": WHOLE}, shared=False)  # fmt: skip


def issuer_of(who: str) -> str:
    """The issuer's address, out of the ARN of a provider or of a federated principal; empty for SAML and references."""
    _, found, address = who.partition(":oidc-provider/")
    address = address if found else who
    if address.startswith("arn:") or "${" in address or "*" in address:
        return ""
    return address.lower().rstrip("/")


def provider_of(issuer: str) -> Provider:
    """The provider behind an issuer. GitHub gives enterprises an issuer of their own below the shared one."""
    if issuer in SHARED:
        return SHARED[issuer]
    host = issuer.split("/")[0]
    if host in ("token.actions.githubusercontent.com", "rh-oidc.s3.us-east-1.amazonaws.com"):
        return SHARED[host]
    return CLUSTER if _CLUSTERS.match(issuer) else OWN


def issuer_in(keys: list[str]) -> str:
    """The issuer that conditions speak of, for code that names its provider by a reference."""
    named = [key.rpartition(":")[0] for key in keys if "." in key.rpartition(":")[0]]
    return next((each for each in named if provider_of(each).shared), named[0] if named else "")
