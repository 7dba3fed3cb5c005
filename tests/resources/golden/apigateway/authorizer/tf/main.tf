resource "aws_api_gateway_authorizer" "who" {
  rest_api_id                      = "q1w2e3r4t5"
  name                             = "who"
  type                             = "TOKEN"
  authorizer_uri                   = "arn:aws:apigateway:ap-northeast-2:lambda:path/2015-03-31/functions/arn:aws:lambda:ap-northeast-2:111122223333:function:who/invocations"
  authorizer_credentials           = "arn:aws:iam::111122223333:role/asks"
  identity_source                  = "method.request.header.Authorization"
  identity_validation_expression   = "^Bearer .+$"
  authorizer_result_ttl_in_seconds = 60
}
