resource "aws_wafv2_web_acl" "web" {
  name  = "web"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  rule {
    name     = "rate"
    priority = 2
    action {
      block {}
    }
    statement {
      rate_based_statement {
        limit              = 2000
        aggregate_key_type = "IP"
      }
    }
    visibility_config {
      sampled_requests_enabled   = true
      cloudwatch_metrics_enabled = true
      metric_name                = "rate"
    }
  }
  rule {
    name     = "common"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"
      }
    }
    visibility_config {
      sampled_requests_enabled   = true
      cloudwatch_metrics_enabled = true
      metric_name                = "common"
    }
  }
  rule {
    name     = "office"
    priority = 3
    action {
      allow {}
    }
    statement {
      ip_set_reference_statement {
        arn = "arn:aws:wafv2:ap-northeast-2:111122223333:regional/ipset/office/3333"
      }
    }
    visibility_config {
      sampled_requests_enabled   = true
      cloudwatch_metrics_enabled = true
      metric_name                = "office"
    }
  }
  visibility_config {
    sampled_requests_enabled   = true
    cloudwatch_metrics_enabled = true
    metric_name                = "web"
  }
}

resource "aws_wafv2_web_acl_association" "web" {
  web_acl_arn  = aws_wafv2_web_acl.web.arn
  resource_arn = "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:loadbalancer/app/web/0123456789abcdef"
}

resource "aws_wafv2_web_acl_logging_configuration" "web" {
  resource_arn            = aws_wafv2_web_acl.web.arn
  log_destination_configs = ["arn:aws:logs:ap-northeast-2:111122223333:log-group:aws-waf-logs-web"]
}
