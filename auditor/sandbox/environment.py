"""How clients find the sandbox, and what its own process must not see: settings of the environment.

Everything is set by environment (`box.env()`), so an ordinary boto3 client, the AWS CLI
or Terraform needs no code for the sandbox. One service needs a trick: S3 Control puts `<account>.` in front
of whatever host it is given, and `123456789012.127.0.0.1` is no name (nor is `123456789012.localhost` where
the resolver has no nss-myhostname: plain Debian, macOS). A proxy setting would catch it, but it reaches into
every other HTTP client of the process and fights with a NO_PROXY the user has. So S3 Control alone gets an
address with a user name in it, `http://sandbox@127.0.0.1:PORT`: the prefix then lengthens the user name, which
the client drops, and the host stays the loopback address. Measured with boto3 1.35.49 and 1.44.5.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

REGION = "ap-northeast-2"
# What moto is told: a certificate is issued at once, AWS's managed policies exist, no made-up images.
MOTO = {
    "MOTO_ACM_VALIDATION_WAIT": "0",
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    "MOTO_ALLOW_NONEXISTENT_REGION": "false",
    "MOTO_DISABLE_GLOBAL_CORS": "true",
}
FOREIGN = ("AWS_", "MOTO_", "BOTO_")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
NEAR = "127.0.0.1,localhost,sandbox@127.0.0.1"


def with_user(port: int) -> str:
    """The address for S3 Control: see above."""
    return f"http://sandbox@127.0.0.1:{port}"


def pointing_at(port: int) -> dict[str, str]:
    """Settings under which AWS's clients talk to this port and nothing else."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ENDPOINT_URL_S3_CONTROL": with_user(port),
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": NEAR,
        "no_proxy": NEAR,
    }


def of_the_child() -> dict[str, str]:
    """Of the starter's environment nothing that could lead moto or botocore elsewhere."""
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    return (
        bare(os.environ)
        | MOTO
        | {
            "PYTHONPATH": path,
            "PYTHONHASHSEED": "0",  # sets in moto keep their order from run to run
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "no_proxy": "*",
            "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",  # macOS: forking a process with threads
        }
    )


def bare(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without settings for AWS and proxies."""
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith(FOREIGN) and name.upper() not in PROXIES
    }
