resource "aws_apigatewayv2_stage" "default" {
  api_id      = "b2c3d4e5f6"
  name        = "$default"
  auto_deploy = true
}
