resource "aws_sns_topic" "alarms" {
  name              = "cuggu-alarms"
  display_name      = "cuggu"
  kms_master_key_id = "alias/cuggu"

  tags = { app = "cuggu" }
}

resource "aws_sns_topic_policy" "alarms" {
  arn = aws_sns_topic.alarms.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Alarms"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:ap-northeast-2:111122223333:cuggu-alarms"
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
  })
}
