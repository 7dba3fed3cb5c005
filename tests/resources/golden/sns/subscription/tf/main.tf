resource "aws_sns_topic_subscription" "hook" {
  topic_arn            = "arn:aws:sns:ap-northeast-2:111122223333:cuggu-alarms"
  protocol             = "https"
  endpoint             = "https://hooks.example.com/T000/B000/abcdef"
  raw_message_delivery = true
  filter_policy        = jsonencode({ severity = ["high"] })
}
