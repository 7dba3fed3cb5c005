resource "aws_iam_policy" "queue" {
  name        = "cuggu-queue"
  path        = "/cuggu/"
  description = "Hand jobs to the queue"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Queue"
      Effect   = "Allow"
      Action   = ["sqs:SendMessage", "sqs:GetQueueUrl"]
      Resource = "arn:aws:sqs:ap-northeast-2:111122223333:cuggu-jobs"
    }]
  })
}
