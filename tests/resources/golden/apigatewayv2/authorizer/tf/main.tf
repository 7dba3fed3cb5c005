resource "aws_apigatewayv2_authorizer" "people" {
  api_id           = "a1b2c3d4e5"
  name             = "people"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    audience = ["3n4b5urk1ft4fl3mg5e62d9ado"]
    issuer   = "https://cognito-idp.ap-northeast-2.amazonaws.com/ap-northeast-2_aB3dE5fG7"
  }
}
