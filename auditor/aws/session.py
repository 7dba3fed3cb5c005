"""A connection to one account: one client per (service, region), shared by all threads; reads and, apart, writes."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.aws import answers, errors, paging, redact
from auditor.aws.requests import CallFailed, CannotConnect, Failure, NoProfile, Progress, Reply, Request
from auditor.aws.threads import each_done
from auditor.aws.traced import trace
from auditor.model import Json
from auditor.model.cures import login

THREADS = 32
ATTEMPTS = 5  # botocore's, for what it knows to be transient
CONNECT_SECONDS, READ_SECONDS = 5, 30
WAITS = (0.3, 1.5)  # before a call whose answer was damaged is made again
_HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


def _nothing(done: int, total: int) -> None:
    """The progress display of a run without one."""


@dataclass(slots=True)
class Connection:
    """An open session. `counted` holds every request that was really sent, by operation: pages and retries too."""

    session: Any
    account: str
    partition: str
    region: str
    identity: str
    progress: Progress = _nothing
    counted: Counter[str] = field(default_factory=Counter)
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def home(self) -> str:
        """The region in which the partition's global services answer."""
        return _HOME.get(self.partition, "us-east-1")

    def client(self, service: str, region: str) -> Any:
        """The shared client; making one is not safe in threads, using one is."""
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = _client(self.session, service, region, self.counted)
                paging.prepare(self._clients[key])
            return self._clients[key]

    def ask(self, requests: Iterable[Request]) -> dict[Request, Reply]:
        """All the answers, read in threads. A failed call is an answer too: a `Failure`."""
        wanted = sorted(set(requests))
        for pair in sorted({(request.service, request.region) for request in wanted}):
            self.client(*pair)
        replies: dict[Request, Reply] = {}
        for request, reply in each_done(self._read, wanted, THREADS, self._stopped):
            replies[request] = reply
            self.progress(len(replies), len(wanted))
        return dict(sorted(replies.items()))

    def call(self, region: str, service: str, operation: str, params: Mapping[str, Json]) -> Json:
        """One call outside the reading of an inventory: a step of a remedy, or a document about to be edited."""
        import botocore.exceptions as boto

        try:
            answer = getattr(self.client(service, region), operation)(**params)
        except boto.ParamValidationError as error:
            raise CallFailed(operation, Failure("ParamValidationError", "failed", str(error))) from error
        except (boto.ClientError, boto.BotoCoreError) as error:
            raise CallFailed(operation, errors.of_exception(error, region)) from error
        except Exception as error:
            raise CallFailed(operation, errors.damaged(error)) from error
        return _dated({key: value for key, value in answer.items() if key != "ResponseMetadata"})

    def _read(self, request: Request) -> Reply:
        """The answer; where it came back damaged it is asked for again, a few times and then no more."""
        client = self.client(request.service, request.region)
        if not hasattr(client, request.operation):
            return Failure("UnknownOperation", "unsupported", "the installed version of botocore lacks this operation")
        for wait in (*WAITS, None):
            reply = _read_once(client, request)
            if wait is None or not isinstance(reply, Failure) or reply.code != errors.DAMAGED:
                break
            if self._stopped.wait(wait):
                break
        return reply


def _read_once(client: Any, request: Request) -> Reply:
    import botocore.exceptions as boto

    try:
        answer = paging.whole(client, request.operation, request.arguments)
    except paging.Endless as error:
        return Failure("Endless", "failed", str(error))
    except (boto.ClientError, boto.BotoCoreError) as error:
        return errors.of_exception(error, request.region)
    except Exception as error:  # noqa: BLE001  what damaged answers raise in botocore: KeyError, AttributeError, any
        return errors.damaged(error)
    return redact.plain(answer)


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
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=THREADS,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        user_agent_extra="auditor",
    )


def _client(session: Any, service: str, region: str, counted: Counter[str]) -> Any:
    """A client whose answers are judged and whose requests are counted as they are sent."""
    from botocore import xform_name

    counting = threading.Lock()

    def count(event_name: str, **_: Any) -> None:
        with counting:
            counted[f"{service}:{xform_name(event_name.rpartition('.')[2])}"] += 1

    made = session.client(service, region_name=region, config=_config())
    answers.watch(made)
    made.meta.events.register("before-send", count)
    trace(made, service, region)
    return made


def connect(profile: str | None = None, region: str | None = None) -> Connection:
    """Open a session as the AWS CLI would and learn whose account it is."""
    import boto3
    import botocore.exceptions as boto

    counted: Counter[str] = Counter()
    try:
        session = boto3.Session(profile_name=profile, region_name=region)
        home = session.region_name or "us-east-1"
        identity = _identity(session, home, counted)
    except (boto.NoCredentialsError, boto.PartialCredentialsError, boto.CredentialRetrievalError) as error:
        cure = "set AWS_PROFILE, pass --profile NAME, or run `aws configure`"
        raise CannotConnect(f"no AWS credentials: {error}; {cure}", configuration=True) from error
    except boto.ProfileNotFound as error:
        known = ", ".join(boto3.Session().available_profiles) or "none"
        raise NoProfile(f"{error}; use one of the existing profiles: {known}", configuration=True) from error
    except boto.ClientError as error:
        raise _refused(error, home) from error
    except (boto.BotoCoreError, answers.Damaged) as error:
        raise _unreached(error) from error
    arn = str(identity["Arn"])
    return Connection(session, str(identity["Account"]), arn.split(":")[1], home, arn, counted=counted)


def _identity(session: Any, region: str, counted: Counter[str]) -> Mapping[str, Any]:
    """Whose credentials these are. A region that the account has not enabled calls good ones invalid, so another one
    is asked before that is believed."""
    import botocore.exceptions as boto

    try:
        answer: Mapping[str, Any] = _client(session, "sts", region, counted).get_caller_identity()
    except boto.ClientError as error:
        if not errors.may_be_disabled(region) or errors.of_exception(error, region).reason != "region-disabled":
            raise
        answer = _client(session, "sts", _HOME["aws"], counted).get_caller_identity()
    return answer


def _unreached(error: Exception) -> CannotConnect:
    failed = errors.damaged(error) if isinstance(error, answers.Damaged) else errors.of_exception(error)
    if errors.is_credentials(failed):
        words = f"the AWS credentials cannot be used: {failed.message}; {login(failed.message)}"
        return CannotConnect(words, configuration=True)
    cure = "check the network, the region and AWS_ENDPOINT_URL"
    return CannotConnect(f"AWS cannot be reached: {failed.message}; {cure}", configuration=False)


def _refused(error: Exception, region: str) -> CannotConnect:
    # Where a second region was asked, it is that one which refused.
    failed = errors.of_exception(error, _HOME["aws"] if errors.may_be_disabled(region) else region)
    if errors.is_credentials(failed):
        said = f"{failed.code}: {failed.message}"
        return CannotConnect(f"the AWS credentials are not valid ({said}); {login(said)}", configuration=True)
    return CannotConnect(
        f"the account ID could not be read (sts:GetCallerIdentity: {failed.code}: {failed.message});"
        " allow sts:GetCallerIdentity",
        configuration=False,
    )
