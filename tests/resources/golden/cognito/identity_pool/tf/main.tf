resource "aws_cognito_identity_pool" "shop" {
  identity_pool_name               = "shop"
  allow_unauthenticated_identities = false
  developer_provider_name          = "login.shop.example"
  openid_connect_provider_arns     = ["arn:aws:iam::111122223333:oidc-provider/accounts.example.com"]

  cognito_identity_providers {
    provider_name           = "cognito-idp.ap-northeast-2.amazonaws.com/ap-northeast-2_aB3dE5fG7"
    client_id               = "3n4b5urk1ft4fl3mg5e62d9ado"
    server_side_token_check = true
  }

  supported_login_providers = {
    "graph.facebook.com" = "123456789"
  }

  tags = {
    app = "shop"
  }
}

resource "aws_cognito_identity_pool_roles_attachment" "shop" {
  identity_pool_id = aws_cognito_identity_pool.shop.id

  roles = {
    authenticated   = "arn:aws:iam::111122223333:role/signed-in"
    unauthenticated = "arn:aws:iam::111122223333:role/stranger"
  }

  role_mapping {
    identity_provider         = "cognito-idp.ap-northeast-2.amazonaws.com/ap-northeast-2_aB3dE5fG7:3n4b5urk1ft4fl3mg5e62d9ado"
    type                      = "Rules"
    ambiguous_role_resolution = "Deny"

    mapping_rule {
      claim      = "custom:kind"
      match_type = "Equals"
      value      = "staff"
      role_arn   = "arn:aws:iam::111122223333:role/staff"
    }
  }
}
