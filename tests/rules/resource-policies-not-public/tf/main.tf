resource "aws_sqs_queue" "pass_1" {
  name = "example-pass-1"
}

resource "aws_ecr_repository" "pass_1" {
  name = "example-pass-1"
}

resource "aws_secretsmanager_secret" "pass_1" {
  name = "example-pass-1"
}

resource "aws_sqs_queue" "pass_2" {
  name = "example-pass-2"
}

resource "aws_sqs_queue_policy" "pass_2" {
  queue_url = aws_sqs_queue.pass_2.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sqs:SendMessage"
      Resource  = "*"
      Condition = { ArnEquals = {
        "aws:SourceArn" = "arn:aws:sns:ap-northeast-2:111122223333:orders"
      } }
    }]
  })
}

resource "aws_kms_key" "pass_2" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_sqs_queue" "fail_1" {
  name = "example-fail-1"
}

resource "aws_sqs_queue_policy" "fail_1" {
  queue_url = aws_sqs_queue.fail_1.url
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:*", Resource = "*" }]
  })
}

resource "aws_sns_topic" "fail_2" {
  name = "example-fail-2"
}

resource "aws_sns_topic_policy" "fail_2" {
  arn = aws_sns_topic.fail_2.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "sns:Publish"
      Resource  = "*"
      Condition = { StringEqualsIfExists = {
        "aws:SourceAccount" = "111122223333"
      } }
    }]
  })
}

resource "aws_ecr_repository" "fail_3" {
  name = "example-fail-3"
}

resource "aws_ecr_repository_policy" "fail_3" {
  repository = aws_ecr_repository.fail_3.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    }]
  })
}

resource "aws_secretsmanager_secret" "fail_4" {
  name = "example-fail-4"
}

resource "aws_secretsmanager_secret_policy" "fail_4" {
  secret_arn = aws_secretsmanager_secret.fail_4.arn
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "secretsmanager:GetSecretValue", Resource = "*" }]
  })
}

resource "aws_kms_key" "fail_5" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "kms:Decrypt", Resource = "*" }]
  })
}
