resource "aws_api_gateway_method" "create" {
  rest_api_id   = "a1b2c3d4e5"
  resource_id   = "k1l2m3"
  http_method   = "POST"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_integration" "create" {
  rest_api_id             = "a1b2c3d4e5"
  resource_id             = "k1l2m3"
  http_method             = aws_api_gateway_method.create.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = "arn:aws:apigateway:ap-northeast-2:lambda:path/2015-03-31/functions/arn:aws:lambda:ap-northeast-2:111122223333:function:cuggu-prod-server/invocations"
}
