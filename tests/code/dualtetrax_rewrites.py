"""Changes of dualtetrax's stacks, each with the environment for which they are read: a table like couple's."""

from tests.code.templates import Rewrite


def rewrite(stack, name, after, old, new, check, line="", kind="different", verdict="broken"):
    return Rewrite(name, after, old, new, check, line, kind, verdict, f"{stack}.yaml")


DEV = (
    rewrite("database", "database too large for dev", "Database", "!FindInMap [Of, !Ref Environment, Class]", "db.t4g.small", "database/class", "DBInstanceClass"),
    rewrite("database", "newer major version", "Database", 'EngineVersion: "15.3"', 'EngineVersion: "16.8"', "database/version", "EngineVersion"),
    rewrite("database", "more storage", "Database", 'AllocatedStorage: "20"', 'AllocatedStorage: "100"', "database/storage", "AllocatedStorage"),
    rewrite("database", "older kind of storage", "Database", "StorageType: gp3", "StorageType: gp2", "database/storage-type", "StorageType"),
    rewrite("database", "another master user", "Database", "MasterUsername: dbadmin", "MasterUsername: postgres", "database/user", "MasterUsername"),
    rewrite("database", "subnets routed to the Internet", "IsolatedRoutesOfSubnet1", "!Ref IsolatedRoutes1", "!Ref PublicRoutes", "isolated-subnet/kind"),
    rewrite("database", "a NAT gateway", "SecretsEndpoint", "  SecretsEndpoint:\n", "  Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref PublicSubnet}}\n  SecretsEndpoint:\n", "absent/nat-gateway", "Nat:", "extra"),
    rewrite("database", "secret under another name", "Secret", "-db-credentials", "-db", "secret/name", "Name:"),
    rewrite("api", "newer runtime", "Function", "nodejs18.x", "nodejs20.x", "function/runtime", "Runtime"),
    rewrite("api", "less memory", "Function", "MemorySize: 512", "MemorySize: 128", "function/memory", "MemorySize"),
    rewrite("api", "shorter timeout", "Function", "Timeout: 30", "Timeout: 10", "function/timeout", "Timeout"),
    rewrite("api", "every secret", "FunctionPolicy", 'Resource: !ImportValue {"Fn::Sub": "DualTetraXDB-${Environment}:SecretArn"}', 'Resource: "*"', "function-role/one-secret"),
    rewrite("api", "API may not call the function", "FunctionPermission", "apigateway.amazonaws.com", "events.amazonaws.com", "function/callable"),
    rewrite("api", "API may call the function for POST only", "FunctionPermission", "${Api}/*/*/*", "${Api}/*/POST/*", "function/callable"),
    rewrite("api", "route under another path", "Signup", "PathPart: signup", "PathPart: register", "sign-up", kind="missing"),
    rewrite("api", "route with another verb", "LogoutPost", "HttpMethod: POST", "HttpMethod: GET", "log-out", kind="missing"),
    rewrite("api", "no preflight for sessions", "SessionsOptions", "HttpMethod: OPTIONS", "HttpMethod: HEAD", "preflight", kind="missing"),
    rewrite("api", "one origin only", "HealthOptions", "\"'*'\"", "\"'https://app.dualtetrax.com'\"", "preflight/origins"),
    rewrite("api", "other rate", "Stage", "ThrottlingRateLimit: 100", "ThrottlingRateLimit: 1000", "stage/rate"),
    rewrite("api", "logs of errors only", "Stage", "LoggingLevel: INFO", "LoggingLevel: ERROR", "stage/log-level"),
    rewrite("api", "logs kept for longer", "FunctionLogs", "!FindInMap [Of, !Ref Environment, Days]", "30", "function-logs/kept", "RetentionInDays"),
)  # fmt: skip

PROD = (
    rewrite("database", "database as small as dev's", "Database", "!FindInMap [Of, !Ref Environment, Class]", "db.t4g.micro", "database/class", "DBInstanceClass"),
    rewrite("database", "backups for a week", "Database", "!FindInMap [Of, !Ref Environment, Days]", "7", "database/backups", "BackupRetentionPeriod"),
    rewrite("database", "backups at noon", "Database", "03:00-04:00", "12:00-13:00", "database/backup-window", "PreferredBackupWindow"),
    rewrite("database", "database made public", "Database", "PubliclyAccessible: false", "PubliclyAccessible: true", "database/not-public", "PubliclyAccessible"),
    rewrite("database", "a standby", "Database", "MultiAZ: false", "MultiAZ: true", "database/single-zone", "MultiAZ"),
    rewrite("api", "bursts without a limit", "Stage", "ThrottlingBurstLimit: 200", "ThrottlingBurstLimit: 5000", "stage/burst"),
    rewrite("api", "stage of another environment", "Stage", "StageName: !Ref Environment", "StageName: dev", "stage/name", "StageName"),
    rewrite("storage", "site disabled", "Cdn", "Enabled: true", "Enabled: false", "cdn/enabled"),
    rewrite("monitoring", "alarm at 500 USD", "CostAlarm", "Threshold: 50", "Threshold: 500", "cost-alarm/threshold", "Threshold"),
    rewrite("monitoring", "alarm tells nobody", "CostAlarm", "AlarmActions: [!Ref CostTopic]", "AlarmActions: []", "cost-topic", kind="missing"),
    rewrite("monitoring", "mail turned into a queue", "CostMail", "Protocol: email", "Protocol: sqs", "cost-mail", kind="missing"),
    rewrite("monitoring", "another user deploys", "Deployer", "UserName: dualtetrax-cdk-deployer", "UserName: ci", "deployer", kind="missing"),
)  # fmt: skip

REWRITES = [*(("dev", each) for each in DEV), *(("prod", each) for each in PROD)]

HARMLESS = (
    rewrite("database", "described otherwise", "DatabaseGroup", "Security group for DualTetraXDB database", "PostgreSQL", ""),
    rewrite("database", "other addresses", "Vpc", "CidrBlock: 10.0.0.0/16", "CidrBlock: 10.0.0.0/17", ""),
    rewrite("database", "minor versions by hand", "Database", "CopyTagsToSnapshot: true", "AutoMinorVersionUpgrade: false", ""),
    rewrite("api", "one more variable", "Function", "          NODE_ENV:", "          LOG_LEVEL: debug\n          NODE_ENV:", ""),
    rewrite("api", "logs of prod kept longer", "FunctionLogs", "!FindInMap [Of, !Ref Environment, Days]", "365", ""),
    rewrite("storage", "another price class", "Cdn", "HttpVersion: http2", "HttpVersion: http2and3", ""),
    rewrite("monitoring", "alarm above 50 USD", "CostAlarm", "GreaterThanOrEqualToThreshold", "GreaterThanThreshold", ""),
)  # fmt: skip
