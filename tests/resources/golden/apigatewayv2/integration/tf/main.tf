resource "aws_apigatewayv2_integration" "inner" {
  api_id             = "b2c3d4e5f6"
  integration_type   = "HTTP_PROXY"
  integration_method = "ANY"
  integration_uri    = "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:listener/app/inner/0123456789abcdef/fedcba9876543210"
  connection_type    = "VPC_LINK"
  connection_id      = "v2link"
  request_parameters = { "append:header.x-key" = "s3cret" }

  tls_config {
    server_name_to_verify = "inner.example.com"
  }
}
