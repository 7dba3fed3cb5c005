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

resource "aws_lambda_permission" "pass_1" {
  statement_id  = "pass-1"
  function_name = aws_lambda_function.pass_1.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:ap-northeast-2:111122223333:rule/nightly"
}

resource "aws_iam_role" "pass_2" {
  name = "server-pass-2"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_lambda_function" "pass_2" {
  function_name = "server-pass-2"
  role          = aws_iam_role.pass_2.arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  s3_bucket     = "example-code"
  s3_key        = "code.zip"
}

resource "aws_lambda_permission" "pass_2" {
  statement_id   = "pass-2"
  function_name  = aws_lambda_function.pass_2.function_name
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_arn     = "arn:aws:s3:::example-uploads"
  source_account = "111122223333"
}

resource "aws_iam_role" "pass_3" {
  name = "server-pass-3"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_lambda_function" "pass_3" {
  function_name = "server-pass-3"
  role          = aws_iam_role.pass_3.arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  s3_bucket     = "example-code"
  s3_key        = "code.zip"
}

resource "aws_lambda_permission" "pass_3" {
  statement_id  = "pass-3"
  function_name = aws_lambda_function.pass_3.function_name
  action        = "lambda:InvokeFunction"
  principal     = "999988887777"
}

resource "aws_iam_role" "pass_4" {
  name = "server-pass-4"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_lambda_function" "pass_4" {
  function_name = "server-pass-4"
  role          = aws_iam_role.pass_4.arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  s3_bucket     = "example-code"
  s3_key        = "code.zip"
}

resource "aws_lambda_permission" "pass_4" {
  statement_id     = "pass-4"
  function_name    = aws_lambda_function.pass_4.function_name
  action           = "lambda:InvokeFunction"
  principal        = "*"
  principal_org_id = "o-exampleorg"
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

resource "aws_lambda_permission" "fail_1" {
  statement_id  = "fail-1"
  function_name = aws_lambda_function.fail_1.function_name
  action        = "lambda:InvokeFunction"
  principal     = "*"
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
}

resource "aws_lambda_permission" "fail_2" {
  statement_id           = "fail-2"
  function_name          = aws_lambda_function.fail_2.function_name
  action                 = "lambda:InvokeFunctionUrl"
  principal              = "*"
  function_url_auth_type = "NONE"
}

resource "aws_iam_role" "fail_3" {
  name = "server-fail-3"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_lambda_function" "fail_3" {
  function_name = "server-fail-3"
  role          = aws_iam_role.fail_3.arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  s3_bucket     = "example-code"
  s3_key        = "code.zip"
}

resource "aws_lambda_permission" "fail_3" {
  statement_id  = "fail-3"
  function_name = aws_lambda_function.fail_3.function_name
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
}
