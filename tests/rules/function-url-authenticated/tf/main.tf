resource "aws_iam_role" "pass_1" {
  name = "server-pass-1"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_lambda_function" "pass_1" {
  function_name = "server-pass-1"
  role          = aws_iam_role.pass_1.arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  s3_bucket     = "example-code"
  s3_key        = "code.zip"
}

resource "aws_lambda_function_url" "pass_1" {
  function_name      = aws_lambda_function.pass_1.function_name
  authorization_type = "AWS_IAM"
  invoke_mode        = "RESPONSE_STREAM"
}

resource "aws_iam_role" "fail_1" {
  name = "server-fail-1"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_lambda_function" "fail_1" {
  function_name = "server-fail-1"
  role          = aws_iam_role.fail_1.arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  s3_bucket     = "example-code"
  s3_key        = "code.zip"
}

resource "aws_lambda_function_url" "fail_1" {
  function_name      = aws_lambda_function.fail_1.function_name
  authorization_type = "NONE"
}

resource "aws_iam_role" "fail_2" {
  name = "server-fail-2"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_lambda_function" "fail_2" {
  function_name = "server-fail-2"
  role          = aws_iam_role.fail_2.arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  s3_bucket     = "example-code"
  s3_key        = "code.zip"
  publish       = true
}

resource "aws_lambda_alias" "fail_2" {
  name             = "live"
  function_name    = aws_lambda_function.fail_2.function_name
  function_version = aws_lambda_function.fail_2.version
}

resource "aws_lambda_function_url" "fail_2" {
  function_name      = aws_lambda_function.fail_2.function_name
  qualifier          = aws_lambda_alias.fail_2.name
  authorization_type = "NONE"

  cors {
    allow_origins = ["https://example.com"]
  }
}
