"""The ways through what already runs as a role, as a table: what has to be allowed on it, and what follows."""

from __future__ import annotations

from auditor.graph.access.becoming.ways import (
    BEDROCK,
    BUILD,
    EC2,
    GLUE,
    LAMBDA,
    RUNNER,
    SAGEMAKER,
    STACKS,
    STATES,
    TASKS,
    Way,
)


def _running(service: str, type: str, what: str, *actions: str, asks: str = "") -> Way:
    sentence = f"can {what}, which uses the role {{target}} ({', '.join(actions)})"
    return Way("+".join(actions), "running", actions, sentence, service, type, asks)


_INSTANCE, _FUNCTION, _STACK = "AWS::EC2::Instance", "AWS::Lambda::Function", "AWS::CloudFormation::Stack"
_BOOK, _ENDPOINT, _JOB = "AWS::SageMaker::NotebookInstance", "AWS::Glue::DevEndpoint", "AWS::Glue::Job"

RUNNING = (
    _running(
        EC2,
        _INSTANCE,
        "run commands on {thing}",
        "ssm:SendCommand",
        asks="whether Systems Manager manages the instance",
    ),
    _running(
        EC2,
        _INSTANCE,
        "open a shell on {thing}",
        "ssm:StartSession",
        asks="whether Systems Manager manages the instance",
    ),
    _running(
        EC2,
        _INSTANCE,
        "log in to {thing}",
        "ec2-instance-connect:SendSSHPublicKey",
        asks="whether it can reach the instance over SSH",
    ),
    _running(
        EC2,
        _INSTANCE,
        "log in to {thing}",
        "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
        asks="whether the serial console is enabled",
    ),
    _running(
        EC2,
        _INSTANCE,
        "replace the user data of {thing}",
        "ec2:ModifyInstanceAttribute",
        "ec2:StopInstances",
        "ec2:StartInstances",
    ),
    _running(
        EC2,
        _INSTANCE,
        "run commands on {thing} through Systems Manager",
        "ssm:CreateAssociation",
        asks="whether Systems Manager manages the instance",
    ),
    _running(
        EC2,
        "AWS::EC2::LaunchTemplate",
        "add its own user data to {thing}",
        "ec2:CreateLaunchTemplateVersion",
        "ec2:ModifyLaunchTemplate",
        asks="whether instances are started from the default version",
    ),
    _running(
        EC2,
        "AWS::EMR::Cluster",
        "add a step of its own to {thing}",
        "elasticmapreduce:AddJobFlowSteps",
    ),
    _running(LAMBDA, _FUNCTION, "replace the code of {thing}", "lambda:UpdateFunctionCode"),
    _running(LAMBDA, _FUNCTION, "add its own layer to {thing}", "lambda:UpdateFunctionConfiguration"),
    _running(STACKS, _STACK, "deploy a template of its own with {thing}", "cloudformation:UpdateStack"),
    _running(
        STACKS,
        _STACK,
        "execute a change set of {thing}",
        "cloudformation:CreateChangeSet",
        "cloudformation:ExecuteChangeSet",
    ),
    _running(
        STACKS,
        "AWS::CloudFormation::StackSet",
        "deploy a template of its own with {thing}",
        "cloudformation:UpdateStackSet",
    ),
    _running(SAGEMAKER, _BOOK, "open {thing}", "sagemaker:CreatePresignedNotebookInstanceUrl"),
    _running(
        SAGEMAKER,
        _BOOK,
        "add a lifecycle script of its own to {thing}",
        "sagemaker:CreateNotebookInstanceLifecycleConfig",
        "sagemaker:StopNotebookInstance",
        "sagemaker:UpdateNotebookInstance",
        "sagemaker:StartNotebookInstance",
    ),
    _running(
        SAGEMAKER, "AWS::SageMaker::UserProfile", "open the Studio of {thing}", "sagemaker:CreatePresignedDomainUrl"
    ),
    _running(
        SAGEMAKER, _BOOK, "replace the lifecycle script of {thing}", "sagemaker:UpdateNotebookInstanceLifecycleConfig"
    ),
    _running(GLUE, _ENDPOINT, "add its own SSH key to {thing}", "glue:UpdateDevEndpoint"),
    _running(GLUE, _JOB, "replace the definition of {thing}", "glue:UpdateJob", "glue:StartJobRun"),
    _running(BUILD, "AWS::CodeBuild::Project", "start {thing} with commands of its own", "codebuild:StartBuild"),
    _running(BUILD, "AWS::CodeBuild::Project", "start {thing} with commands of its own", "codebuild:StartBuildBatch"),
    _running(TASKS, "AWS::Batch::JobDefinition", "run a command of its own in a job of {thing}", "batch:SubmitJob"),
    _running(
        BEDROCK,
        "AWS::BedrockAgentCore::CodeInterpreterCustom",
        "run code in {thing}",
        "bedrock-agentcore:StartCodeInterpreterSession",
        "bedrock-agentcore:InvokeCodeInterpreter",
    ),
    _running(TASKS, "AWS::ECS::Service", "open a shell in {thing}", "ecs:ExecuteCommand"),
    _running(
        STATES, "AWS::StepFunctions::StateMachine", "replace the definition of {thing}", "states:UpdateStateMachine"
    ),
    _running(
        "datapipeline.amazonaws.com",
        "AWS::DataPipeline::Pipeline",
        "replace the definition of {thing}",
        "datapipeline:PutPipelineDefinition",
    ),
    _running(
        RUNNER,
        "AWS::AppRunner::Service",
        "deploy its own image to {thing}",
        "apprunner:UpdateService",
    ),
)
