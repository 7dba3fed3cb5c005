"""Changes of couple's template: each replaces one text behind the beginning of a resource (`after`).

`line` is a text that stands on the line that must be named.
"""

from tests.code.templates import Rewrite

REWRITES = (
    Rewrite("no standby", "Database", "MultiAZ: true", "MultiAZ: false", "database/standby", "MultiAZ: false"),
    Rewrite("larger database", "Database", "db.t3.micro", "db.m5.large", "database/class", "db.m5.large"),
    Rewrite("plain storage", "Database", "StorageEncrypted: true", "StorageEncrypted: false", "database/encrypted", "StorageEncrypted"),
    Rewrite("public database", "Database", "PubliclyAccessible: false", "PubliclyAccessible: true", "database/not-public", "PubliclyAccessible"),
    Rewrite("plain connections", "DatabaseParameters", 'rds.force_ssl: "1"', 'rds.force_ssl: "0"', "database/encrypted-connections"),
    Rewrite("database open to the Internet", "DatabaseGroup", "SourceSecurityGroupId: !Ref AppGroup", "CidrIp: 0.0.0.0/0", "database/ports"),
    Rewrite("larger cache", "Cache", "cache.t3.micro", "cache.r6g.large", "cache/class", "cache.r6g.large"),
    Rewrite("functions cannot reach the cache", "CacheGroup", "SourceSecurityGroupId: !Ref SocketGroup", "SourceSecurityGroupId: !Ref FrontGroup", "link/function-cache", kind="unlinked"),
    Rewrite("production on Spot", "Service", "LaunchType: FARGATE", "CapacityProviderStrategy: [{CapacityProvider: FARGATE_SPOT, Weight: 1}]", "service/capacity"),
    Rewrite("no tasks", "Service", "DesiredCount: 2", "DesiredCount: 0", "service/runs", "DesiredCount: 0"),
    Rewrite("public addresses", "Service", "AssignPublicIp: DISABLED", "AssignPublicIp: ENABLED", "service/no-address", "AssignPublicIp: ENABLED"),
    Rewrite("tasks in public subnets", "Service", "Subnets: [!Ref AppA, !Ref AppC]", "Subnets: [!Ref PublicA, !Ref PublicC]", "service/private"),
    Rewrite("smaller tasks", "Task", 'Cpu: "2048"', 'Cpu: "512"', "service/size"),
    Rewrite("image from elsewhere", "Task", '!Sub "${Repository.RepositoryUri}:${Image}"', "docker.io/somebody/web:1", "link/task-image", kind="unlinked"),
    Rewrite("tasks may do everything to every bucket", "TaskRole", 'Action: [s3:GetObject, s3:PutObject, s3:DeleteObject], Resource: !Sub "${UploadsBucket.Arn}/*"', 'Action: "s3:*", Resource: "*"', "task-role/least"),
    Rewrite("tasks may not send traces", "TaskRole", "xray:PutTraceSegments, ", "", "service/traces"),
    Rewrite("no room to scale", "Scaling", "MaxCapacity: 4", "MaxCapacity: 1", "scaling/room", "MaxCapacity: 1"),
    Rewrite("firewall off the load balancer", "RegionalAclAssociation", "ResourceArn: !Ref Balancer", "ResourceArn: arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:loadbalancer/app/old/0", "link/balancer-acl", kind="unlinked"),
    Rewrite("firewall off CloudFront", "Cdn", "        WebACLId: !GetAtt EdgeAcl.Arn\n", "", "link/cdn-acl", kind="unlinked"),
    Rewrite("firewall that only counts", "RegionalAcl", "OverrideAction: {None: {}}", "OverrideAction: {Count: {}}", "regional-acl/blocks"),
    Rewrite("distribution disabled", "Cdn", "Enabled: true", "Enabled: false", "cdn/enabled", "Enabled: false"),
    Rewrite("load balancer in one zone", "PublicC", "AvailabilityZone: ap-northeast-2c", "AvailabilityZone: ap-northeast-2a", "balancer/zones"),
    Rewrite("listener leads nowhere", "Https", "DefaultActions: [{Type: forward, TargetGroupArn: !Ref TargetGroup}]", 'DefaultActions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: "503"}}]', "link/https-target", kind="unlinked"),
    Rewrite("uploads in the standard class", "UploadsBucket", "StorageClass: INTELLIGENT_TIERING", "StorageClass: GLACIER", "uploads-bucket/tiering"),
    Rewrite("function not traced", "SocketFunction", "Mode: Active", "Mode: PassThrough", "socket-function/traced", "Mode: PassThrough"),
    Rewrite("API may not call the function", "SocketPermission", "Principal: apigateway.amazonaws.com", "Principal: events.amazonaws.com", "socket-function/callable"),
    Rewrite("alarm silenced", "DatabaseCpu", "AlarmActions: [!Ref Alarms]", "AlarmActions: [!Ref Alarms]\n      ActionsEnabled: false", "alarm/armed"),
    Rewrite("alarm tells nobody", "ServiceCpu", "      AlarmActions: [!Ref Alarms]\n", "", "alarm/heard"),
    Rewrite("pipeline without its build", "Pipeline", "Provider: CodeBuild", "Provider: Jenkins", "link/pipeline-project", kind="unlinked"),
    Rewrite("build is an administrator", "BuildRole", "      Policies:", "      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]\n      Policies:", "delivery-role/no-admin"),
)  # fmt: skip

HARMLESS = (
    Rewrite("more tasks", "Service", "DesiredCount: 2", "DesiredCount: 3", ""),
    Rewrite("wider bounds", "Scaling", "MaxCapacity: 4", "MaxCapacity: 10", ""),
    Rewrite("longer backups", "Database", "BackupRetentionPeriod: 7", "BackupRetentionPeriod: 14", ""),
    Rewrite("a minor version", "Database", '"16.4"', '"16.6"', ""),
    Rewrite("another threshold", "DatabaseCpu", "Threshold: 80", "Threshold: 70", ""),
)
