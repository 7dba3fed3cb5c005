resource "aws_cognito_user_pool_domain" "own" {
  domain                = "sign-in.shop.example"
  user_pool_id          = "ap-northeast-2_aB3dE5fG7"
  certificate_arn       = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
  managed_login_version = 2
}
