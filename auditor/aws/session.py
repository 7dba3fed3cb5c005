"""A connection to one account: one client per (service, region), shared by all threads; reads and, apart, writes."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from auditor.aws import errors, paging, redact
from auditor.aws.requests import CallFailed, CannotConnect, Failure, Progress, Reply, Request
from auditor.model import Json

THREADS = 32
_HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


def _nothing(done: int, total: int) -> None:
    """The progress display of a run without one."""


@dataclass(slots=True)
class Connection:
    """An open session. `counted` holds every call that was really made, by operation."""

    session: Any
    account: str
    partition: str
    region: str
    identity: str
    progress: Progress = _nothing
    counted: Counter[str] = field(default_factory=Counter)
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def home(self) -> str:
        """The region in which the partition's global services answer."""
        return _HOME.get(self.partition, "us-east-1")

    def client(self, service: str, region: str) -> Any:
        """The shared client; making one is not safe in threads, using one is."""
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = self.session.client(service, region_name=region, config=_config())
            return self._clients[key]

    def ask(self, requests: Iterable[Request]) -> dict[Request, Reply]:
        """All the answers, read in threads. A failed call is an answer too: a `Failure`."""
        wanted = sorted(set(requests))
        for pair in sorted({(request.service, request.region) for request in wanted}):
            self.client(*pair)
        replies: dict[Request, Reply] = {}
        pool = ThreadPoolExecutor(max_workers=THREADS)
        try:
            for request, reply in zip(wanted, pool.map(self._read, wanted), strict=True):
                replies[request] = reply
                self.progress(len(replies), len(wanted))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        return replies

    def call(self, region: str, service: str, operation: str, params: Mapping[str, Json]) -> Json:
        """One call outside the reading of an inventory: a step of a remedy, or a document about to be edited."""
        import botocore.exceptions as boto

        try:
            answer = getattr(self.client(service, region), operation)(**params)
        except boto.ParamValidationError as error:
            raise CallFailed(operation, Failure("ParamValidationError", "failed", str(error))) from error
        except (boto.ClientError, boto.BotoCoreError) as error:
            raise CallFailed(operation, errors.of_exception(error)) from error
        return _dated({key: value for key, value in answer.items() if key != "ResponseMetadata"})

    def _read(self, request: Request) -> Reply:
        import botocore.exceptions as boto

        client = self.client(request.service, request.region)
        with self._lock:
            self.counted[f"{request.service}:{request.operation}"] += 1
        try:
            return redact.plain(paging.whole(client, request.operation, request.arguments))
        except paging.Endless as error:
            return Failure("Endless", "failed", str(error))
        except (boto.ClientError, boto.BotoCoreError) as error:
            return errors.of_exception(error)


def _dated(value: Any) -> Any:
    """Moments as the texts that an inventory has for them; boto3 takes these back."""
    if isinstance(value, dict):
        return {key: _dated(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_dated(inner) for inner in value]
    return redact.moment(value) if isinstance(value, dt.datetime) else value


def _config() -> Any:
    from botocore.config import Config

    # `standard` and never `adaptive`: the adaptive limiter lives in the client, which all threads share here.
    return Config(
        retries={"mode": "standard", "total_max_attempts": 5},
        max_pool_connections=THREADS,
        connect_timeout=5,
        read_timeout=30,
        user_agent_extra="auditor",
    )


def connect(profile: str | None = None, region: str | None = None) -> Connection:
    """Open a session as the AWS CLI would and learn whose account it is."""
    import boto3
    import botocore.exceptions as boto

    try:
        session = boto3.Session(profile_name=profile, region_name=region)
        home = session.region_name or "us-east-1"
        identity = session.client("sts", region_name=home, config=_config()).get_caller_identity()
    except (boto.NoCredentialsError, boto.PartialCredentialsError, boto.CredentialRetrievalError) as error:
        cure = "set AWS_PROFILE, pass --profile NAME, or run `aws configure`"
        raise CannotConnect(f"no AWS credentials: {error}; {cure}", configuration=True) from error
    except boto.ProfileNotFound as error:
        known = ", ".join(boto3.Session().available_profiles) or "none"
        raise CannotConnect(f"{error}; use one of the existing profiles: {known}", configuration=True) from error
    except boto.ClientError as error:
        raise _refused(error) from error
    except boto.BotoCoreError as error:
        cure = "check the network, the region and AWS_ENDPOINT_URL"
        raise CannotConnect(f"AWS cannot be reached: {error}; {cure}", configuration=False) from error
    arn = str(identity["Arn"])
    return Connection(session, str(identity["Account"]), arn.split(":")[1], home, arn)


def _refused(error: Exception) -> CannotConnect:
    failed = errors.of_exception(error)
    if errors.is_credentials(failed.code):
        cure = "log in again (`aws sso login`) or refresh the session's keys"
        return CannotConnect(
            f"the AWS credentials are not valid ({failed.code}: {failed.message}); {cure}",
            configuration=True,
        )
    return CannotConnect(
        f"the account ID could not be read (sts:GetCallerIdentity: {failed.code}: {failed.message});"
        " allow sts:GetCallerIdentity",
        configuration=False,
    )
