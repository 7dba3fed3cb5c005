resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = "cuggu"

  dashboard_body = jsonencode({
    widgets = [{
      type   = "metric"
      x      = 0
      y      = 0
      width  = 12
      height = 6
      properties = {
        metrics = [
          ["AWS/Lambda", "Errors", "FunctionName", "cuggu-server"],
          ["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", "cuggu-db"],
        ]
        region = "ap-northeast-2"
        stat   = "Sum"
        period = 300
      }
    }]
  })
}
