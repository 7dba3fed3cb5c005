resource "aws_apigatewayv2_stage" "live" {
  api_id      = "b2c3d4e5f6"
  name        = "$default"
  auto_deploy = true

  access_log_settings {
    destination_arn = "arn:aws:logs:ap-northeast-2:111122223333:log-group:/shop/api"
    format          = "$context.requestId"
  }

  default_route_settings {
    throttling_burst_limit = 200
    throttling_rate_limit  = 100
  }

  stage_variables = { key = "s3cret" }
  tags            = { app = "shop" }
}
