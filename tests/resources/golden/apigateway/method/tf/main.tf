resource "aws_api_gateway_method" "order" {
  rest_api_id          = "a1b2c3d4e5"
  resource_id          = "r3s0u4"
  http_method          = "POST"
  authorization        = "COGNITO_USER_POOLS"
  authorizer_id        = "auth01"
  authorization_scopes = ["shop/read", "shop/write"]
  api_key_required     = true
}

resource "aws_api_gateway_integration" "order" {
  rest_api_id             = "a1b2c3d4e5"
  resource_id             = "r3s0u4"
  http_method             = aws_api_gateway_method.order.http_method
  type                    = "HTTP_PROXY"
  integration_http_method = "POST"
  uri                     = "http://inner-0123456789abcdef.elb.ap-northeast-2.amazonaws.com/orders"
  connection_type         = "VPC_LINK"
  connection_id           = "l1nk23"
  timeout_milliseconds    = 10000
  request_parameters      = { "integration.request.header.x-key" = "'s3cret'" }
}

resource "aws_api_gateway_integration_response" "order" {
  rest_api_id = "a1b2c3d4e5"
  resource_id = "r3s0u4"
  http_method = aws_api_gateway_integration.order.http_method
  status_code = "200"
  response_parameters = {
    "method.response.header.Access-Control-Allow-Origin"  = "'*'"
    "method.response.header.Access-Control-Allow-Headers" = "'Content-Type,Authorization'"
    "method.response.header.x-shop"                       = "'s3cret'"
  }
}
