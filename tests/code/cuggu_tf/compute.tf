# The server, the image optimizer and the nightly cleanup.

locals {
  functions = {
    server = {
      memory  = 1024
      timeout = 60
      managed = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    }
    image-optimizer = {
      memory  = 1536
      timeout = 25
      managed = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    }
    cleanup = {
      memory  = 512
      timeout = 300
      managed = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    }
  }
}

resource "aws_iam_role" "function" {
  for_each = local.functions
  name     = "${local.prefix}-${each.key}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "function" {
  for_each   = local.functions
  role       = aws_iam_role.function[each.key].name
  policy_arn = each.value.managed
}

data "aws_iam_policy_document" "login" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.database.arn]
  }
  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.data.arn]
  }
}

data "aws_iam_policy_document" "server" {
  source_policy_documents = [data.aws_iam_policy_document.login.json]

  statement {
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = ["${aws_s3_bucket.this["images"].arn}/*"]
  }
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.this["static"].arn}/_cache/*"]
  }
}

data "aws_iam_policy_document" "cleanup" {
  source_policy_documents = [data.aws_iam_policy_document.login.json]

  statement {
    actions   = ["s3:DeleteObject"]
    resources = ["${aws_s3_bucket.this["images"].arn}/*"]
  }
  statement {
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.this["images"].arn]
  }
}

resource "aws_iam_role_policy" "server" {
  name   = "inline"
  role   = aws_iam_role.function["server"].id
  policy = data.aws_iam_policy_document.server.json
}

resource "aws_iam_role_policy" "cleanup" {
  name   = "inline"
  role   = aws_iam_role.function["cleanup"].id
  policy = data.aws_iam_policy_document.cleanup.json
}

resource "aws_iam_role_policy" "image_optimizer" {
  name = "inline"
  role = aws_iam_role.function["image-optimizer"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "arn:aws:s3:::${local.prefix}-web-assets/*"
    }]
  })
}

resource "aws_cloudwatch_log_group" "function" {
  for_each          = local.functions
  name              = "/aws/lambda/${local.prefix}-${each.key}"
  retention_in_days = local.retention
}

resource "aws_lambda_function" "inside" {
  for_each      = toset(["server", "cleanup"])
  function_name = "${local.prefix}-${each.key}"
  role          = aws_iam_role.function[each.key].arn
  runtime       = "nodejs22.x"
  architectures = ["arm64"]
  handler       = "index.handler"
  s3_bucket     = "sst-asset-kxswhmbd"
  s3_key        = "${each.key}.zip"
  memory_size   = local.functions[each.key].memory
  timeout       = local.functions[each.key].timeout

  environment {
    variables = {
      DATABASE_HOST          = aws_db_proxy.main.endpoint
      DATABASE_SECRET_ARN    = aws_secretsmanager_secret.database.arn
      S3_BUCKET              = aws_s3_bucket.this["images"].bucket
      NEXT_PUBLIC_IMAGE_HOST = "https://img.${local.domain}"
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.function[each.key].name
  }

  vpc_config {
    subnet_ids         = module.network.private_subnets
    security_group_ids = [module.network.function_group]
  }
}

resource "aws_lambda_function" "image_optimizer" {
  function_name = "${local.prefix}-image-optimizer"
  role          = aws_iam_role.function["image-optimizer"].arn
  runtime       = "nodejs22.x"
  architectures = ["arm64"]
  handler       = "index.handler"
  s3_bucket     = "sst-asset-kxswhmbd"
  s3_key        = "image-optimizer.zip"
  memory_size   = local.functions["image-optimizer"].memory
  timeout       = local.functions["image-optimizer"].timeout

  dynamic "environment" {
    for_each = { BUCKET_NAME = aws_s3_bucket.this["static"].bucket }
    content {
      variables = { (environment.key) = environment.value }
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.function["image-optimizer"].name
  }
}

resource "aws_lambda_function_url" "server" {
  function_name      = aws_lambda_function.inside["server"].function_name
  authorization_type = "AWS_IAM"
  invoke_mode        = "RESPONSE_STREAM"
}

resource "aws_lambda_function_url" "image_optimizer" {
  function_name      = aws_lambda_function.image_optimizer.function_name
  authorization_type = "AWS_IAM"
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "${local.prefix}-expire-invitations"
  description         = "03:00 in Seoul"
  schedule_expression = "cron(0 18 * * ? *)"
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule      = aws_cloudwatch_event_rule.nightly.name
  target_id = "handler"
  arn       = aws_lambda_function.inside["cleanup"].arn
  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 2
  }
}

resource "aws_lambda_permission" "nightly" {
  statement_id  = "AllowEventBridge"
  function_name = aws_lambda_function.inside["cleanup"].function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.nightly.arn
}
