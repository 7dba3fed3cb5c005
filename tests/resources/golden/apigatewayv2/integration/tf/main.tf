resource "aws_apigatewayv2_integration" "web" {
  api_id             = "b2c3d4e5f6"
  integration_type   = "HTTP_PROXY"
  integration_method = "ANY"
  integration_uri    = "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:listener/app/cuggu/50dc6c495c0c9188/f2f7dc8efc522ab2"
  connection_type    = "VPC_LINK"
  connection_id      = "c3d4e5"
}
