resource "aws_cloudwatch_log_group" "pass_1" {
  name              = "/aws/lambda/server-pass-1"
  retention_in_days = 30
}

resource "aws_cloudwatch_log_group" "pass_2" {
  name              = "audit-pass-2"
  retention_in_days = 3653
}

resource "aws_cloudwatch_log_group" "fail_1" {
  name = "/aws/lambda/server-fail-1"
}

resource "aws_cloudwatch_log_group" "fail_2" {
  name              = "/aws/lambda/server-fail-2"
  retention_in_days = 7
}

resource "aws_cloudwatch_log_group" "fail_3_right" {
  name              = "/aws/lambda/server-fail-3"
  retention_in_days = 90
}

resource "aws_cloudwatch_log_group" "fail_3_forgotten" {
  name = "/aws/lambda/cleanup-fail-3"
}
