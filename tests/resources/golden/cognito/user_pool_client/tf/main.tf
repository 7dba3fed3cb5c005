resource "aws_cognito_user_pool_client" "web" {
  name                                 = "web"
  user_pool_id                         = "ap-northeast-2_aB3dE5fG7"
  generate_secret                      = true
  explicit_auth_flows                  = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
  supported_identity_providers         = ["COGNITO", "Google"]
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = ["openid", "email"]
  callback_urls                        = ["https://shop.example/callback", "https://www.shop.example/callback"]
  logout_urls                          = ["https://shop.example/"]
  default_redirect_uri                 = "https://shop.example/callback"
  prevent_user_existence_errors        = "ENABLED"
  enable_token_revocation              = true
  refresh_token_validity               = 7
  access_token_validity                = 15
  id_token_validity                    = 60
  auth_session_validity                = 5

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }
}
