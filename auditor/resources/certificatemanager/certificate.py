"""A certificate. CloudFront takes certificates from us-east-1 only, so that region is searched whatever was
asked for.

Without a filter ACM lists RSA certificates of 2048 bits at most and stays silent about the rest; all key
types are asked for. ACM repeats the domain itself among the alternative names; a template names only the
others, and so do we. It also spells key algorithms with a hyphen (`RSA-2048`) where CloudFormation and its
own filter have an underscore.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Call, Json, Prop, ResourceType
from auditor.resources.shapes import pick

_KEY_TYPES = (
    "RSA_1024",
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "EC_prime256v1",
    "EC_secp384r1",
    "EC_secp521r1",
)
_DETAIL = Call("describe_certificate", {"CertificateArn": "{arn}"}, out="Certificate")


def _alternatives(value: Json) -> Json:
    own, names = value.get("DomainName"), value.get("SubjectAlternativeNames") or []
    return [name for name in names if name != own] or ABSENT


def _algorithm(value: Json) -> Json:
    return value.replace("-", "_", 1)


def _of_terraform(value: Mapping[str, Json]) -> Json:
    names = {"DomainName": value.get("domain_name"), "SubjectAlternativeNames": value.get("subject_alternative_names")}
    return _alternatives(names)


def _validation(value: Json) -> Json:
    """Only what is validated through the mail of another domain: ACM repeats the domain itself elsewhere."""
    kept = [pick(each, "DomainName", "ValidationDomain") for each in value]
    return [each for each in kept if each.get("ValidationDomain", each["DomainName"]) != each["DomainName"]] or ABSENT


TYPE = ResourceType(
    cfn="AWS::CertificateManager::Certificate",
    service="acm",
    list=Call("list_certificates", {"Includes": {"keyTypes": list(_KEY_TYPES)}}, out="CertificateSummaryList"),
    also_in=("us-east-1",),
    id="CertificateArn",
    arn="CertificateArn",
    name="DomainName",
    tags="",
    tags_call=Call("list_tags_for_certificate", {"CertificateArn": "{arn}"}, out="Tags"),
    terraform=("aws_acm_certificate",),
    folds=("aws_acm_certificate_validation",),
    props=(
        Prop("CertificateArn", tf="arn"),
        Prop("DomainName"),
        Prop(
            "SubjectAlternativeNames",
            call=_DETAIL,
            live="{DomainName: DomainName, SubjectAlternativeNames: SubjectAlternativeNames}",
            read=_alternatives,
            absent="unknown",
            tf="@",
            tf_read=_of_terraform,
            cfn_read=_alternatives,
            same="set",
        ),
        Prop("KeyAlgorithm", call=_DETAIL, live="KeyAlgorithm", read=_algorithm, default="RSA_2048", absent="unknown"),
        Prop("ValidationMethod", call=_DETAIL, live="DomainValidationOptions[0].ValidationMethod", absent="not set"),
        Prop(
            "DomainValidationOptions",
            call=_DETAIL,
            live="DomainValidationOptions",
            absent="not set",
            tidy=_validation,
            tf="validation_option",
            same="set",
        ),
        Prop("CertificateAuthorityArn", call=_DETAIL, live="CertificateAuthorityArn", absent="not set"),
        Prop(
            "CertificateTransparencyLoggingPreference",
            call=_DETAIL,
            live="Options.CertificateTransparencyLoggingPreference",
            tf="options.certificate_transparency_logging_preference",
            default="ENABLED",
            set=Call(
                "update_certificate_options",
                {
                    "CertificateArn": "{arn}",
                    "Options": {"CertificateTransparencyLoggingPreference": "{value}"},
                },
            ),
        ),
        Prop(
            "Status",
            call=_DETAIL,
            live="Status",
            absent="unknown",
            ours="read-only attribute: only an issued certificate can be used",
        ),
        Prop("NotAfter", call=_DETAIL, live="NotAfter", absent="not set", ours="read-only attribute: when it expires"),
        Prop(
            "RenewalEligibility",
            call=_DETAIL,
            live="RenewalEligibility",
            absent="unknown",
            ours="read-only attribute: whether AWS renews it",
        ),
        Prop(
            "InUseBy",
            call=_DETAIL,
            live="InUseBy",
            absent="unknown",
            tf="-",
            same="set",
            ours="read-only attribute: the resources that use it",
        ),
    ),
)
