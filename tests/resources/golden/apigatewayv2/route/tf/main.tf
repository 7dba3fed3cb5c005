resource "aws_apigatewayv2_route" "order" {
  api_id               = "b2c3d4e5f6"
  route_key            = "POST /orders"
  target               = "integrations/int567"
  authorization_type   = "JWT"
  authorizer_id        = "auth02"
  authorization_scopes = ["shop/read", "shop/write"]
}
