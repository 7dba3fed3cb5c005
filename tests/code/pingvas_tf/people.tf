resource "aws_iam_user" "developer" {
  for_each = toset(["Developer-A", "Developer-B"])
  name     = each.key
}
data "aws_iam_policy_document" "behind_the_vpn" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_user.developer["Developer-A"].arn, aws_iam_user.developer["Developer-B"].arn]
    }
    condition {
      test     = "IpAddress"
      variable = "aws:SourceIp"
      values   = ["${aws_eip.vpn.public_ip}/32"]
    }
  }
}

resource "aws_iam_role" "devops" {
  name               = "DevOps-AssumeRole"
  assume_role_policy = data.aws_iam_policy_document.behind_the_vpn.json
}

resource "aws_secretsmanager_secret" "this" {
  for_each = toset(["db-credentials", "redis-auth", "lemon-squeezy", "jwt-secret", "oauth-credentials"])
  name     = "pingvas/${each.key}"
}

resource "aws_sns_topic" "alarms" {
  name = "${local.name}-alarms"
}

resource "aws_cloudwatch_metric_alarm" "nodes" {
  for_each            = { cpu = 80, memory = 85 }
  alarm_name          = "${local.name}-node-${each.key}"
  namespace           = "ContainerInsights"
  metric_name         = "node_${each.key}_utilization"
  dimensions          = { ClusterName = aws_eks_cluster.this.name }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 5
  threshold           = each.value
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${local.name}-api-errors"
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  metric_query {
    id          = "rate"
    expression  = "100 * errors / requests"
    label       = "API error rate"
    return_data = true
  }
  metric_query {
    id = "errors"
    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "HTTPCode_Target_5XX_Count"
      period      = 60
      stat        = "Sum"
      dimensions  = { LoadBalancer = aws_lb.this.arn_suffix }
    }
  }
  metric_query {
    id = "requests"
    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "RequestCount"
      period      = 60
      stat        = "Sum"
      dimensions  = { LoadBalancer = aws_lb.this.arn_suffix }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "queue" {
  alarm_name          = "${local.name}-queue"
  namespace           = "Pingvas/Queue"
  metric_name         = "QueueWaitSeconds"
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 60
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "${local.name}-overview"
  dashboard_body = jsonencode({
    widgets = [{
      type   = "metric"
      width  = 12
      height = 6
      properties = {
        region  = "ap-northeast-2"
        metrics = [["ContainerInsights", "node_cpu_utilization", "ClusterName", local.name]]
      }
    }]
  })
}
