resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "cuggu-server-errors"
  alarm_description   = "The server fails"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  threshold           = 5
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = ["arn:aws:sns:ap-northeast-2:111122223333:cuggu-alarms"]
  ok_actions          = ["arn:aws:sns:ap-northeast-2:111122223333:cuggu-alarms"]

  dimensions = {
    FunctionName = "cuggu-server"
    Resource     = "cuggu-server:live"
  }

  tags = { app = "cuggu" }
}
