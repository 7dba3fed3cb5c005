"""The operations that the installed botocore knows: it may be newer than our list of IAM's actions."""

from __future__ import annotations


def is_operation(service: str, name: str) -> bool:
    """Whether a service of that name has an operation of that name."""
    import botocore.exceptions
    import botocore.session

    try:
        model = botocore.session.get_session().get_service_model(service)
    except botocore.exceptions.UnknownServiceError:
        return False
    return name in model.operation_names
