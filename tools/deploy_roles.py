"""`make docs`: the roles of `deploy/roles/`, with exactly the actions that the rows of the types need.

A role that reads takes what `auditor permissions --everything` prints; a role that fixes takes, beside that, what the
setters of the rows call, by the lowest risk at which a step may call it. IAM takes 6,144 characters a managed policy
and not more than ten a role, so the actions are dealt out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from auditor.judging import Wish
from auditor.model import RISKS, Call, Prop, ResourceType, Risk
from auditor.pipeline import permissions as reading
from auditor.resources import load
from auditor.resources.permissions import permissions

HANDING_ON = "iam:PassRole"
_KEYS = ("kms:Decrypt", "kms:GenerateDataKey")  # which a secret needs whose key is changed
_MOST = 5800  # characters of actions in a policy: IAM counts 6,144 of the document without its blanks
# To which services a setter hands a role on, by the service that it calls.
_HANDED = {"cloudfront": (), "ec2": ("ec2",), "events": ("events",), "iam": ("ec2",), "lambda": ("lambda",),
           "rds": ("rds", "monitoring.rds"), "scheduler": ("scheduler",)}  # fmt: skip


def files() -> dict[str, str]:
    """Both templates, by their path."""
    return {"deploy/roles/read.yaml": _read_role(), "deploy/roles/fix.yaml": _fix_role()}


def fixing(types: Mapping[str, ResourceType]) -> dict[str, Risk]:
    """Every action of a setter and its undo, with the lowest risk at which a step needs it."""
    out: dict[str, Risk] = {}
    for described in types.values():
        for row in described.props:
            lowest = min((row.risk, *row.risks.values()), key=RISKS.index)
            for service, operation in _calls(described, row):
                for action in permissions(service, operation):
                    out[action] = min(out.get(action, lowest), lowest, key=RISKS.index)
    return dict(sorted(out.items()))


def handed_to(types: Mapping[str, ResourceType]) -> list[str]:
    """The services to which a setter hands a role on."""
    called = {
        service
        for described in types.values()
        for row in described.props
        for service, operation in _calls(described, row)
        if HANDING_ON in permissions(service, operation)
    }
    return sorted(f"{each}.amazonaws.com" for service in called for each in _HANDED[service])


def _calls(described: ResourceType, row: Prop) -> Iterator[tuple[str, str]]:
    edit = (row.edit.read, row.edit.write) if row.edit else ()
    exact = (row.exact,) if row.exact and row.settable else ()
    mine: tuple[Call | None, ...] = (row.set, row.unset, row.add, row.remove, *edit, *exact)
    for call in mine:
        if call:
            yield call.service or described.service, call.operation


def _dealt(actions: Iterable[str]) -> list[list[str]]:
    """Actions in as few policies as hold them, in order."""
    out: list[list[str]] = []
    room = 0
    for action in actions:
        if not out or room < len(action) + 3:
            out.append([])
            room = _MOST
        out[-1].append(action)
        room -= len(action) + 3
    return out


# ---- the templates

_TRUST = """\
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          # The account is trusted for this one role of it, which need not exist yet, and only with the external ID.
          - Effect: Allow
            Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AuditorAccount}:root"}
            Action: sts:AssumeRole
            Condition:
              StringEquals: {"sts:ExternalId": !Ref ExternalId}
              ArnEquals: {"aws:PrincipalArn": !Sub "arn:${AWS::Partition}:iam::${AuditorAccount}:role/${AuditorRole}"}
"""
_ROLE = f"""\
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Ref RoleName
      Description: auditor
      MaxSessionDuration: 3600
{_TRUST}"""
_PARAMETERS = """\
Parameters:
  AuditorAccount:
    Type: String
    AllowedPattern: "[0-9]{12}"
    Description: The account in which auditor runs.
  AuditorRole:
    Type: String
    Default: %(auditor)s
    Description: The name of the role as which it runs there (with its path).
  ExternalId:
    Type: String
    AllowedPattern: "[A-Za-z0-9+=,.@:/_-]{16,1224}"
    Description: A long random text of your own, the same in the configuration of auditor.
  RoleName:
    Type: String
    Default: %(name)s
"""


def _read_role() -> str:
    head = """\
# Made by `make docs` from the rows of the types; edit those. A StackSet puts it into every account that is checked.
AWSTemplateFormatVersion: "2010-09-09"
Description: The role as which auditor reads an account. It changes nothing and reads no data.
"""
    named = {"auditor": "auditor-nightly", "name": "auditor-read"}
    policies = _policies("Read", reading(Wish(), whole=True))
    return f"{head}\n{_PARAMETERS % named}\nResources:\n{_ROLE}\n{''.join(policies.values())}{_OUTPUT}"


def _fix_role() -> str:
    head = """\
# Made by `make docs` from the rows of the types; edit those. Deploy it only where auditor may apply fixes: another role
# than the one that reads, assumed by other people or another task.
AWSTemplateFormatVersion: "2010-09-09"
Description: The role as which auditor applies fixes and undoes them, up to a risk.
"""
    named = {"auditor": "auditor-fix", "name": "auditor-fix"}
    types = load()
    needed = fixing(types)
    read = reading(Wish(), whole=True)
    policies = _policies("Read", read)
    apart = {HANDING_ON, *_KEYS}
    for risk in RISKS:
        wanted = [each for each, least in needed.items() if least == risk and each not in {*read, *apart}]
        policies |= _policies(risk.capitalize(), wanted, risk)
    risks = """\
  Risk:
    Type: String
    Default: safe
    AllowedValues: [safe, interrupts, destroys]
    Description: "The riskiest fixes: safe, those that interrupt a service, or those that can delete data."

Conditions:
  Interrupts: !Not [!Equals [!Ref Risk, safe]]
  Destroys: !Equals [!Ref Risk, destroys]
"""
    whole = f"{head}\n{_PARAMETERS % named}{risks}\nResources:\n{_ROLE}\n{''.join(policies.values())}"
    return whole + _hand_on(types, needed[HANDING_ON]) + _by_secrets(needed) + _OUTPUT


def _policies(name: str, actions: Iterable[str], risk: Risk = "safe") -> dict[str, str]:
    """Managed policies that hold these actions, by their name in the template."""
    out = {}
    for number, dealt in enumerate(_dealt(actions), 1):
        lines = "".join(f"              - {each}\n" for each in dealt)
        statement = f"""\
          - Effect: Allow
            Action:
{lines}            Resource: "*"
"""
        out[f"{name}{number}"] = _policy(f"{name}{number}", risk, statement)
    return out


def _policy(name: str, risk: Risk, statement: str) -> str:
    return f"""\
  {name}:
    Type: AWS::IAM::ManagedPolicy
{_condition(risk)}    Properties:
      Roles: [!Ref Role]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
{statement}"""


def _hand_on(types: Mapping[str, ResourceType], risk: Risk) -> str:
    services = "".join(f"                  - {each}\n" for each in handed_to(types))
    statement = f"""\
          # A setter that takes a whole configuration takes the role in it along.
          - Effect: Allow
            Action: {HANDING_ON}
            Resource: !Sub "arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/*"
            Condition:
              StringEquals:
                "iam:PassedToService":
{services}"""
    return _policy("HandOn", risk, statement)


def _by_secrets(needed: Mapping[str, Risk]) -> str:
    statement = f"""\
          # Secrets Manager encrypts a secret anew whose key is changed; the role itself decrypts nothing.
          - Effect: Allow
            Action: [{", ".join(_KEYS)}]
            Resource: "*"
            Condition:
              StringEquals: {{"kms:ViaService": !Sub "secretsmanager.${{AWS::Region}}.${{AWS::URLSuffix}}"}}
"""
    return _policy("Keys", needed[_KEYS[0]], statement)


def _condition(risk: Risk) -> str:
    return "" if risk == "safe" else f"    Condition: {risk.capitalize()}\n"


_OUTPUT = """
Outputs:
  RoleArn: {Value: !GetAtt Role.Arn}
"""
