resource "aws_lambda_function" "server" {
  function_name                  = "cuggu-prod-server"
  description                    = "the pages"
  role                           = "arn:aws:iam::111122223333:role/cuggu-server"
  runtime                        = "nodejs20.x"
  handler                        = "index.handler"
  s3_bucket                      = "cuggu-artifacts"
  s3_key                         = "server.zip"
  architectures                  = ["arm64"]
  memory_size                    = 1024
  timeout                        = 60
  kms_key_arn                    = "arn:aws:kms:ap-northeast-2:111122223333:key/0d1e2f30-0000-4000-8000-000000000001"
  layers                         = ["arn:aws:lambda:ap-northeast-2:111122223333:layer:sharp:3"]
  reserved_concurrent_executions = 50
  tags                           = { app = "cuggu" }

  ephemeral_storage {
    size = 1024
  }

  vpc_config {
    subnet_ids         = ["subnet-0c11112222333344c", "subnet-0a11112222333344a"]
    security_group_ids = ["sg-0aaa1111222233334"]
  }

  environment {
    variables = {
      STAGE         = "prod"
      DATABASE_HOST = "cuggu.proxy-cabcdefghijk.ap-northeast-2.rds.amazonaws.com"
    }
  }

  tracing_config {
    mode = "Active"
  }

  dead_letter_config {
    target_arn = "arn:aws:sns:ap-northeast-2:111122223333:cuggu-alarms"
  }

  file_system_config {
    arn              = "arn:aws:elasticfilesystem:ap-northeast-2:111122223333:access-point/fsap-0123456789abcdef0"
    local_mount_path = "/mnt/cache"
  }

  logging_config {
    log_format            = "JSON"
    application_log_level = "INFO"
    system_log_level      = "WARN"
    log_group             = "/cuggu/server"
  }
}
