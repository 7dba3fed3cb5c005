"""Glue jobs: a script runs as the job's role. Arguments are not read, since they may hold passwords."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::Glue::Job",
    service="glue",
    list=Call("get_jobs", out="Jobs"),
    id="Name",
    arn="arn:{partition}:glue:{region}:{account}:job/{id}",
    name="Name",
    terraform=("aws_glue_job",),
    tags="",
    tags_call=Call("get_tags", {"ResourceArn": "{arn}"}, out="Tags"),
    workload=True,
    props=(
        Prop("Name"),
        Prop("Role", absent="unknown", tf="role_arn"),
        Prop("Description", absent="not set"),
        Prop("GlueVersion", absent="unknown"),
        Prop("ExecutionClass", absent="not set"),
        Prop("MaxRetries", default=0),
        Prop("WorkerType", absent="not set"),
        Prop("NumberOfWorkers", absent="not set"),
        Prop("SecurityConfiguration", absent="not set"),
    ),
    edges=(EdgeTo("acts-as", "Role", ("AWS::IAM::Role",)),),
)
