resource "aws_sqs_queue" "orders" {
  name                              = "cuggu-orders"
  visibility_timeout_seconds        = 120
  message_retention_seconds         = 1209600
  max_message_size                  = 262144
  delay_seconds                     = 5
  receive_wait_time_seconds         = 20
  kms_master_key_id                 = "alias/cuggu"
  kms_data_key_reuse_period_seconds = 600

  redrive_policy = jsonencode({
    deadLetterTargetArn = "arn:aws:sqs:ap-northeast-2:111122223333:cuggu-orders-dead"
    maxReceiveCount     = 5
  })

  tags = { app = "cuggu" }
}

resource "aws_sqs_queue_redrive_allow_policy" "orders" {
  queue_url            = aws_sqs_queue.orders.id
  redrive_allow_policy = jsonencode({ redrivePermission = "denyAll" })
}

resource "aws_sqs_queue_policy" "orders" {
  queue_url = aws_sqs_queue.orders.url

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Topic"
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:ap-northeast-2:111122223333:cuggu-orders"
      Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:sns:ap-northeast-2:111122223333:cuggu-orders" } }
    }]
  })
}
