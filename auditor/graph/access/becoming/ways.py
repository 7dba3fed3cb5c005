# ruff: noqa: E501  a table, read by columns
"""The published ways from one right to more, as a table: what has to be allowed, on what, and what follows.

Sources of the list: the escalation methods that Rhino Security Labs, Bishop Fox, NCC Group and Pathfinding.cloud published,
and the actions for which AWS documents that they take or use a role. CodeStar's are left out: AWS ended it in 2024.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# What the first action is done to.
On = Literal[
    "user",
    "role",
    "group",
    "policy",
    "pass",
    "running",
    "center",
    "saml",
    "oidc",
]


@dataclass(frozen=True, slots=True)
class Way:
    """`actions` must all be allowed, the first one on what `on` says, the others on anything.

    `pass`: iam:PassRole on a role that trusts `service`, and the actions; `running`: the first action on something of type
    `type` that runs as a role (where no such type is read, on anything, and then the answer stays open).
    """

    id: str
    on: On
    actions: tuple[str, ...]
    sentence: str
    service: str = ""
    type: str = ""
    asks: str = ""  # what else has to be so, which the account's answers do not tell
    profile: bool = False  # the role has to be in an instance profile


def _gain(on: On, action: str, sentence: str) -> Way:
    return Way(action, on, (action,), sentence)


# Rights over somebody else's permissions: whoever that is becomes an administrator.
OTHERS = (
    _gain("user", "iam:PutUserPolicy", "can add any inline policy to a user such as {target}"),
    _gain("user", "iam:AttachUserPolicy", "can attach AdministratorAccess to a user such as {target}"),
    _gain("role", "iam:PutRolePolicy", "can add any inline policy to a role such as {target}"),
    _gain("role", "iam:AttachRolePolicy", "can attach AdministratorAccess to a role such as {target}"),
    _gain("group", "iam:PutGroupPolicy", "can add any inline policy to a group such as {target}"),
    _gain("group", "iam:AttachGroupPolicy", "can attach AdministratorAccess to a group such as {target}"),
    _gain(
        "policy",
        "iam:CreatePolicyVersion",
        "can create a new version of a policy such as {target}, which is attached to others",
    ),
    _gain("group", "iam:AddUserToGroup", "can add any user to a group such as {target}"),
)

TAKES = (
    Way("iam:CreateAccessKey", "user", ("iam:CreateAccessKey",), "can create access keys for {target}"),
    Way(
        "iam:UpdateLoginProfile", "user", ("iam:UpdateLoginProfile",), "can change the password of {target}",
        asks="whether the user has a password to change",
    ),
    Way(
        "iam:CreateLoginProfile", "user", ("iam:CreateLoginProfile",), "can create a password for {target}",
        asks="whether the user has no password yet",
    ),
    Way("iam:UpdateAssumeRolePolicy", "role", ("iam:UpdateAssumeRolePolicy",), "can change the trust policy of {target} to allow itself"),
    Way("iam:AddUserToGroup", "group", ("iam:AddUserToGroup",), "can add itself to the group {target}"),
    Way("iam:UpdateSAMLProvider", "saml", ("iam:UpdateSAMLProvider",), "can put a key of its own into the metadata of the identity provider {thing} and sign in to {target}"),
    Way(
        "iam:CreateSAMLProvider", "saml", ("iam:CreateSAMLProvider",), "can create the identity provider {thing} and sign in to {target}",
        asks="whether the identity provider is not there",
    ),
    Way(
        "iam:UpdateOpenIDConnectProviderThumbprint", "oidc", ("iam:UpdateOpenIDConnectProviderThumbprint",),
        "can replace the thumbprint of the identity provider {thing} and sign in to {target}",
        asks="whether the certificate of the provider's address is checked by its thumbprint, and it can answer at that address",
    ),
    Way(
        "iam:AddClientIDToOpenIDConnectProvider", "oidc", ("iam:AddClientIDToOpenIDConnectProvider",),
        "can add an audience to the identity provider {thing} and sign in to {target}",
        asks="whether it gets a token of the provider for that audience",
    ),
    Way(
        "iam:CreateOpenIDConnectProvider", "oidc", ("iam:CreateOpenIDConnectProvider",), "can create the identity provider {thing} and sign in to {target}",
        asks="whether the identity provider is not there, and whether it gets a token of its address",
    ),
)  # fmt: skip
# What a role that trusts an identity provider names, and with which action its people come in.
FEDERATIONS = {
    "saml": (":saml-provider/", "sts:AssumeRoleWithSAML"),
    "oidc": (":oidc-provider/", "sts:AssumeRoleWithWebIdentity"),
}


_MANAGED = "whether IAM Identity Center is managed from this account, and whether it has an assignment there"


def _central(*actions: str, what: str) -> Way:
    return Way("+".join(actions), "center", actions, f"can {what} ({', '.join(actions)})", asks=_MANAGED)


# Through IAM Identity Center, which makes roles of permission sets in the accounts of an organization.
CENTRAL = (
    _central("sso:PutInlinePolicyToPermissionSet", "sso:ProvisionPermissionSet", what="add any inline policy to a permission set and provision it"),
    _central("sso:AttachManagedPolicyToPermissionSet", "sso:ProvisionPermissionSet", what="attach AdministratorAccess to a permission set and provision it"),
    _central("sso:AttachCustomerManagedPolicyReferenceToPermissionSet", "sso:ProvisionPermissionSet", what="attach a policy of the account to a permission set and provision it"),
    _central("sso:DeletePermissionsBoundaryFromPermissionSet", "sso:ProvisionPermissionSet", what="remove the permissions boundary of a permission set and provision it"),
    _central("sso:CreateAccountAssignment", what="assign a permission set that allows everything to itself"),
    _central("sso:CreatePermissionSet", "sso:PutInlinePolicyToPermissionSet", "sso:CreateAccountAssignment", what="create a permission set that allows everything and assign it to itself"),
    _central("identitystore:CreateGroupMembership", what="add itself to a group that a permission set is assigned to"),
)  # fmt: skip


def _pass(service: str, *actions: str, what: str = "", profile: bool = False, asks: str = "") -> Way:
    first = what or f"start something of {service.split('.')[0]}"
    sentence = f"can pass {{target}} to {service} and {first} ({', '.join(actions)})"
    return Way(f"iam:PassRole+{'+'.join(actions)}", "pass", actions, sentence, service, "", asks, profile)


LAMBDA, EC2, TASKS = "lambda.amazonaws.com", "ec2.amazonaws.com", "ecs-tasks.amazonaws.com"
GLUE, STACKS, BUILD = "glue.amazonaws.com", "cloudformation.amazonaws.com", "codebuild.amazonaws.com"
SAGEMAKER, STATES, BEDROCK = "sagemaker.amazonaws.com", "states.amazonaws.com", "bedrock-agentcore.amazonaws.com"
COGNITO, ANYWHERE, RUNNER = (
    "cognito-identity.amazonaws.com",
    "rolesanywhere.amazonaws.com",
    "tasks.apprunner.amazonaws.com",
)
# What trust policies name as an identity provider, and not as a service.
PROVIDERS = frozenset({COGNITO})

PASS = "iam:PassRole"  # noqa: S105  an action
PASSES = (
    _pass(LAMBDA, "lambda:CreateFunction", "lambda:InvokeFunction", what="invoke a function of its own"),
    _pass(LAMBDA, "lambda:CreateFunction", "lambda:CreateEventSourceMapping", what="trigger a function of its own"),
    _pass(LAMBDA, "lambda:CreateFunction", "lambda:AddPermission", what="let itself invoke a function of its own"),
    _pass(LAMBDA, "lambda:CreateFunction", "lambda:CreateFunctionUrlConfig", what="call a function of its own by URL"),
    _pass(LAMBDA, "lambda:UpdateFunctionConfiguration", "lambda:UpdateFunctionCode", "lambda:InvokeFunction", what="rewrite a function"),
    _pass(EC2, "ec2:RunInstances", what="run an instance", profile=True),
    _pass(EC2, "ec2:RequestSpotInstances", what="run a spot instance", profile=True),
    _pass(EC2, "ec2:RequestSpotFleet", what="run a fleet of instances", profile=True),
    _pass(EC2, "ec2:CreateLaunchTemplate", "ec2:CreateFleet", what="run a fleet of instances", profile=True),
    _pass(EC2, "ec2:AssociateIamInstanceProfile", "ssm:StartSession", what="open a session on an instance", profile=True),
    _pass(EC2, "ec2:AssociateIamInstanceProfile", "ssm:SendCommand", what="run commands on an instance", profile=True),
    _pass(EC2, "ec2:ReplaceIamInstanceProfileAssociation", "ssm:StartSession", what="open a session on an instance", profile=True),
    _pass(EC2, "ec2:ReplaceIamInstanceProfileAssociation", "ssm:SendCommand", what="run commands on an instance", profile=True),
    _pass(EC2, "autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup", what="run a group", profile=True),
    _pass(EC2, "ec2:CreateLaunchTemplate", "autoscaling:CreateAutoScalingGroup", what="run a group", profile=True),
    _pass(EC2, "elasticmapreduce:RunJobFlow", what="run a cluster", profile=True),
    _pass(TASKS, "ecs:RegisterTaskDefinition", "ecs:RunTask", what="run a task of its own"),
    _pass(TASKS, "ecs:RegisterTaskDefinition", "ecs:StartTask", what="run a task of its own"),
    _pass(TASKS, "ecs:RegisterTaskDefinition", "ecs:CreateService", what="run a service of its own"),
    _pass(TASKS, "ecs:RegisterTaskDefinition", "ecs:UpdateService", what="run a task of its own"),
    _pass(TASKS, "ecs:RunTask", what="have a task run its own command with that role", asks="whether a task definition exists"),
    _pass(TASKS, "ecs:StartTask", what="have a task run its own command with that role",
          asks="whether a task definition and a container instance exist"),
    _pass(TASKS, "batch:RegisterJobDefinition", "batch:SubmitJob", what="run a job of its own"),
    _pass(GLUE, "glue:CreateDevEndpoint", what="connect to a development endpoint"),
    _pass(GLUE, "glue:CreateJob", "glue:StartJobRun", what="run a job of its own"),
    _pass(GLUE, "glue:CreateJob", "glue:CreateTrigger", what="trigger a job of its own"),
    _pass(GLUE, "glue:UpdateJob", "glue:StartJobRun", what="rewrite a job"),
    _pass(GLUE, "glue:UpdateJob", "glue:CreateTrigger", what="rewrite a job"),
    _pass(GLUE, "glue:CreateSession", "glue:RunStatement", what="run statements in a session"),
    _pass(STACKS, "cloudformation:CreateStack", what="deploy a template of its own"),
    _pass(STACKS, "cloudformation:UpdateStack", what="deploy a template of its own"),
    _pass(STACKS, "cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet", what="deploy a template of its own"),
    _pass(STACKS, "cloudformation:CreateStackSet", "cloudformation:CreateStackInstances", what="deploy a template of its own"),
    _pass(STACKS, "cloudformation:UpdateStackSet", what="deploy a template of its own", asks="whether a stack set exists"),
    _pass("datapipeline.amazonaws.com", "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition",
          "datapipeline:ActivatePipeline", what="run commands in a pipeline"),
    _pass(BUILD, "codebuild:CreateProject", "codebuild:StartBuild", what="run a build of its own"),
    _pass(BUILD, "codebuild:CreateProject", "codebuild:StartBuildBatch", what="run a build of its own"),
    _pass(BUILD, "codebuild:UpdateProject", "codebuild:StartBuild", what="rewrite a build"),
    _pass("codepipeline.amazonaws.com", "codepipeline:CreatePipeline", what="run a pipeline of its own"),
    _pass("codepipeline.amazonaws.com", "codepipeline:UpdatePipeline", "codepipeline:StartPipelineExecution", what="run a pipeline of its own",
          asks="whether a pipeline exists"),
    _pass(SAGEMAKER, "sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl", what="open a notebook"),
    _pass(SAGEMAKER, "sagemaker:CreateNotebookInstanceLifecycleConfig", "sagemaker:CreateNotebookInstance", what="run a notebook's lifecycle script"),
    _pass(SAGEMAKER, "sagemaker:CreateTrainingJob", what="run a container of its own"),
    _pass(SAGEMAKER, "sagemaker:CreateProcessingJob", what="run a container of its own"),
    _pass(SAGEMAKER, "sagemaker:CreateHyperParameterTuningJob", what="run a container of its own"),
    _pass(SAGEMAKER, "sagemaker:CreateModel", "sagemaker:CreateEndpointConfig", "sagemaker:CreateEndpoint", what="run a container of its own"),
    _pass(SAGEMAKER, "sagemaker:CreateModel", "sagemaker:CreateTransformJob", what="run a container of its own"),
    _pass(STATES, "states:CreateStateMachine", "states:StartExecution", what="have a state machine call any API"),
    _pass(STATES, "states:TestState", what="have a single state call any API"),
    _pass(STATES, "states:UpdateStateMachine", "states:StartExecution", what="have a state machine call any API",
          asks="whether a state machine exists"),
    _pass("scheduler.amazonaws.com", "scheduler:CreateSchedule", what="have a schedule call any API"),
    _pass("scheduler.amazonaws.com", "scheduler:UpdateSchedule", what="have a schedule call any API", asks="whether a schedule exists"),
    _pass("ssm.amazonaws.com", "ssm:StartAutomationExecution", what="have an automation call any API"),
    _pass(RUNNER, "apprunner:CreateService", what="run a container of its own"),
    _pass("emr-serverless.amazonaws.com", "emr-serverless:CreateApplication", "emr-serverless:StartJobRun", what="run a job"),
    _pass("amplify.amazonaws.com", "amplify:CreateApp", "amplify:StartJob", what="run a build of its own"),
    _pass("airflow-env.amazonaws.com", "airflow:CreateEnvironment", what="run Airflow tasks"),
    _pass("cloud9.amazonaws.com", "cloud9:CreateEnvironmentEC2", what="open an environment"),
    _pass(BEDROCK, "bedrock-agentcore:CreateCodeInterpreter", "bedrock-agentcore:StartCodeInterpreterSession",
          "bedrock-agentcore:InvokeCodeInterpreter", what="run code"),
    _pass(BEDROCK, "bedrock-agentcore:CreateAgentRuntime", "bedrock-agentcore:InvokeAgentRuntime", what="run an agent of its own"),
    _pass(ANYWHERE, "rolesanywhere:CreateTrustAnchor", "rolesanywhere:CreateProfile", what="sign in with a certificate of its own"),
    _pass(COGNITO, "cognito-identity:SetIdentityPoolRoles", what="get its credentials as an identity of a pool",
          asks="whether an identity pool that the role trusts exists"),
    _pass("pods.eks.amazonaws.com", "eks:CreatePodIdentityAssociation", what="give its credentials to a pod", asks="whether it can run a pod"),
)  # fmt: skip
