resource "aws_xray_sampling_rule" "subject" {
  rule_name      = "shop"
  priority       = 100
  version        = 1
  reservoir_size = 5
  fixed_rate     = 0.1
  url_path       = "*"
  host           = "*"
  http_method    = "*"
  service_type   = "*"
  service_name   = "shop"
  resource_arn   = "*"
}
