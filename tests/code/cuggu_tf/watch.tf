# Logs, alarms, and the topic that tells people.

resource "aws_sns_topic" "oncall" {
  name              = "${local.prefix}-oncall"
  kms_master_key_id = "alias/aws/sns"
}

resource "aws_sns_topic_subscription" "oncall" {
  for_each  = var.oncall
  topic_arn = aws_sns_topic.oncall.arn
  protocol  = each.key
  endpoint  = each.value
}

locals {
  alarms = {
    server-errors        = ["AWS/Lambda", "Errors", "Sum", "FunctionName", aws_lambda_function.inside["server"].function_name, 5]
    server-throttles     = ["AWS/Lambda", "Throttles", "Sum", "FunctionName", aws_lambda_function.inside["server"].function_name, 1]
    cleanup-errors       = ["AWS/Lambda", "Errors", "Sum", "FunctionName", aws_lambda_function.inside["cleanup"].function_name, 1]
    database-cpu         = ["AWS/RDS", "CPUUtilization", "Average", "DBInstanceIdentifier", aws_db_instance.main.identifier, 80]
    database-connections = ["AWS/RDS", "DatabaseConnections", "Average", "DBInstanceIdentifier", aws_db_instance.main.identifier, 70]
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  alarm_name          = "${local.prefix}-${each.key}"
  namespace           = each.value[0]
  metric_name         = each.value[1]
  statistic           = each.value[2]
  dimensions          = { (each.value[3]) = each.value[4] }
  threshold           = each.value[5]
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.oncall.arn]
  ok_actions          = [aws_sns_topic.oncall.arn]
}

resource "aws_cloudwatch_metric_alarm" "database_storage" {
  alarm_name          = "${local.prefix}-database-storage"
  namespace           = "AWS/RDS"
  metric_name         = "FreeStorageSpace"
  statistic           = "Average"
  dimensions          = { DBInstanceIdentifier = aws_db_instance.main.identifier }
  threshold           = 2147483648
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.oncall.arn]
}

resource "aws_cloudwatch_log_group" "database" {
  name              = "/aws/rds/instance/${aws_db_instance.main.identifier}/postgresql"
  retention_in_days = local.retention
}

resource "aws_cloudwatch_log_group" "proxy" {
  name              = "/aws/rds/proxy/${aws_db_proxy.main.name}"
  retention_in_days = local.retention
}

resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = local.prefix
  dashboard_body = jsonencode({
    widgets = [{
      type = "metric"
      properties = {
        region  = local.region
        metrics = [["AWS/Lambda", "Errors", "FunctionName", aws_lambda_function.inside["server"].function_name]]
      }
    }]
  })
}
