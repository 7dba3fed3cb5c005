resource "aws_apigatewayv2_route" "orders" {
  api_id             = "b2c3d4e5f6"
  route_key          = "POST /orders"
  target             = "integrations/d4e5f6g"
  authorization_type = "AWS_IAM"
}
