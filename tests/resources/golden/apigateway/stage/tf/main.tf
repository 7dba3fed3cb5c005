resource "aws_api_gateway_stage" "prod" {
  rest_api_id           = "a1b2c3d4e5"
  stage_name            = "prod"
  deployment_id         = "dep123"
  client_certificate_id = "cert01"
  xray_tracing_enabled  = true
  variables             = { key = "s3cret" }

  access_log_settings {
    destination_arn = "arn:aws:logs:ap-northeast-2:111122223333:log-group:/shop/api"
    format          = "$context.requestId"
  }

  tags = { app = "shop" }
}

resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = "a1b2c3d4e5"
  stage_name  = aws_api_gateway_stage.prod.stage_name
  method_path = "*/*"

  settings {
    logging_level          = "INFO"
    throttling_burst_limit = 200
    throttling_rate_limit  = 100
  }
}

resource "aws_api_gateway_method_settings" "orders" {
  rest_api_id = "a1b2c3d4e5"
  stage_name  = aws_api_gateway_stage.prod.stage_name
  method_path = "orders/GET"

  settings {
    logging_level = "ERROR"
  }
}

resource "aws_wafv2_web_acl_association" "prod" {
  resource_arn = aws_api_gateway_stage.prod.arn
  web_acl_arn  = "arn:aws:wafv2:ap-northeast-2:111122223333:regional/webacl/shop/0d1e2f30-0000-4000-8000-000000000001"
}
