resource "aws_api_gateway_usage_plan" "partners" {
  name        = "partners"
  description = "who pays"

  api_stages {
    api_id = "q1w2e3r4t5"
    stage  = "prod"
    throttle {
      path        = "/orders/GET"
      burst_limit = 5
      rate_limit  = 2
    }
  }

  throttle_settings {
    burst_limit = 200
    rate_limit  = 100
  }

  quota_settings {
    limit  = 5000
    period = "MONTH"
  }

  tags = {
    team = "sales"
  }
}
