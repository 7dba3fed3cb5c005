resource "aws_cloudformation_stack" "queues" {
  name               = "shop-queues"
  template_url       = "https://shop-templates.s3.ap-northeast-2.amazonaws.com/queues.yaml"
  timeout_in_minutes = 30
  notification_arns  = ["arn:aws:sns:ap-northeast-2:111122223333:deployments"]
  parameters = {
    Stage = "prod"
  }
  tags = {
    stage = "prod"
  }
}
