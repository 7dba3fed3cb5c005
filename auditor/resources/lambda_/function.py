"""A function: its unpublished version, which is what templates configure and aliases point back to.

Environment: the values are redacted where answers enter the program and only the names of the variables stay,
so rules may ask whether a variable exists. For the same reason there is no setter: a before-image could not be
restored.
"""

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.lambda_ import _code
from auditor.resources.lambda_._live import functions, layers, mentioned, network, target, variables
from auditor.resources.shapes import pick
from auditor.resources.terraform import not_negative


def _set(parameter: str, value: Json = "{value}") -> Call:
    return Call("update_function_configuration", {"FunctionName": "{id}", parameter: value})


def _logging(value: Json) -> Json:
    return pick(value, "LogFormat", "LogGroup", "ApplicationLogLevel", "SystemLogLevel")


TYPE = ResourceType(
    cfn="AWS::Lambda::Function",
    service="lambda",
    list=Call("list_functions", out="Functions"),
    id="FunctionName",
    arn="FunctionArn",
    name="FunctionName",
    names=(
        "{arn}:$LATEST",
        "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
    ),
    tags="",
    tags_call=Call("list_tags", {"Resource": "{arn}"}, out="Tags"),
    terraform=("aws_lambda_function",),
    implied=_code.logs_to,
    workload=True,
    props=(
        Prop("FunctionName"),
        Prop("Arn", live="FunctionArn"),
        Prop("Description", default="", set=_set("Description")),
        Prop("Runtime", absent="not set", stays=True, set=_set("Runtime"), risk="interrupts"),
        Prop("Handler", absent="not set", stays=True, set=_set("Handler"), risk="interrupts"),
        Prop("PackageType", default="Zip", absent="unknown"),
        Prop("Architectures", same="set", default=["x86_64"], absent="unknown"),
        # Less of any of the three ends calls that came through before.
        Prop("MemorySize", default=128, absent="unknown", set=_set("MemorySize"), risk="interrupts"),
        Prop("Timeout", default=3, absent="unknown", set=_set("Timeout"), risk="interrupts"),
        Prop(
            "EphemeralStorage", default={"Size": 512}, absent="unknown", set=_set("EphemeralStorage"), risk="interrupts"
        ),
        Prop("Role", always=True, set=_set("Role"), risk="interrupts"),
        Prop(
            "VpcConfig",
            tf_read=_code.inside,
            read=network,
            absent="not set",
            tidy=network,
            set=_set("VpcConfig"),
            unset=_set("VpcConfig", {"SubnetIds": [], "SecurityGroupIds": []}),
            risk="interrupts",
        ),
        Prop("Environment", read=variables, absent="not set", tf_read=_code.environment, secret=True),
        Prop(
            "KmsKeyArn",
            live="KMSKeyArn",
            absent="not set",
            set=_set("KMSKeyArn"),
            unset=_set("KMSKeyArn", ""),
            risk="interrupts",
            note="the role must be allowed to use the key; otherwise the function no longer starts",
        ),
        Prop(
            "TracingConfig",
            default={"Mode": "PassThrough"},
            absent="unknown",
            set=_set("TracingConfig"),
        ),
        Prop(
            "LoggingConfig",
            # The group that is used when none is named is filled in, so that it can be followed and judged.
            live="merge({LogFormat: 'Text', LogGroup: join('', ['/aws/lambda/', FunctionName])},"
            " LoggingConfig || `{}`)",
            read=_logging,
            tf="@",
            tf_read=_code.logging,
            cfn_read=_code.logging_of_template,
            set=_set("LoggingConfig"),
            always=True,
            note="another log group needs the role's permission to write there",
        ),
        Prop(
            "DeadLetterConfig",
            read=target,
            absent="not set",
            set=_set("DeadLetterConfig"),
            unset=_set("DeadLetterConfig", {"TargetArn": ""}),
            note="AWS checks that the role may write to the target",
        ),
        Prop("Layers", read=layers, default=[], set=_set("Layers"), risk="interrupts"),
        Prop("FileSystemConfigs", tf="file_system_config", default=[]),
        Prop("ImageConfig", live="ImageConfigResponse.ImageConfig", absent="not set"),
        Prop(
            "ReservedConcurrentExecutions",
            tf_read=not_negative,
            live="ReservedConcurrentExecutions",
            call=Call("get_function_concurrency", {"FunctionName": "{id}"}),
            absent="not set",
            set=Call(
                "put_function_concurrency",
                {"FunctionName": "{id}", "ReservedConcurrentExecutions": "{value}"},
            ),
            unset=Call("delete_function_concurrency", {"FunctionName": "{id}"}),
            risk="interrupts",
            note="the reservation is taken from the concurrency of the account, and calls above it are throttled",
        ),
        Prop("SnapStart", read=lambda value: pick(value, "ApplyOn"), default={"ApplyOn": "None"}),
        Prop(
            "CodeSha256",
            absent="unknown",
            ours="read-only attribute: the hash of the deployed code",
            tf="code_sha256",
        ),
    ),
    edges=(
        EdgeTo("acts-as", "Role", ("AWS::IAM::Role",)),
        EdgeTo("placed-in", "VpcConfig.SubnetIds[]", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "VpcConfig.SecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("logs-to", "LoggingConfig.LogGroup", ("AWS::Logs::LogGroup",)),
        EdgeTo("runs", "Layers[]", ("AWS::Lambda::LayerVersion",)),
        EdgeTo("encrypted-with", "KmsKeyArn", ("AWS::KMS::Key",)),
        EdgeTo("notifies", "DeadLetterConfig.TargetArn", ("AWS::SNS::Topic", "AWS::SQS::Queue")),
        EdgeTo(
            "mentions",
            "Environment.Variables",
            (
                "AWS::RDS::DBInstance",
                "AWS::RDS::DBProxy",
                "AWS::S3::Bucket",
                "AWS::SNS::Topic",
                "AWS::SecretsManager::Secret",
            ),
            take=mentioned,
        ),
        EdgeTo("mentions", "Environment.Variables", ("AWS::Lambda::Function",), take=functions),
    ),
)
