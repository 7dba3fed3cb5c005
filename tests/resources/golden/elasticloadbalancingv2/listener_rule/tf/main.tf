resource "aws_lb_listener_rule" "api" {
  listener_arn = "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:listener/app/cuggu/50dc6c495c0c9188/f2f7dc8efc522ab2"
  priority     = 10

  action {
    type = "authenticate-oidc"
    authenticate_oidc {
      authorization_endpoint     = "https://id.example.com/authorize"
      client_id                  = "cuggu"
      client_secret              = "not-to-be-kept"
      issuer                     = "https://id.example.com"
      on_unauthenticated_request = "authenticate"
      scope                      = "openid"
      session_cookie_name        = "AWSELBAuthSessionCookie"
      session_timeout            = 604800
      token_endpoint             = "https://id.example.com/token"
      user_info_endpoint         = "https://id.example.com/userinfo"
    }
  }

  action {
    type = "forward"
    forward {
      target_group {
        arn    = "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:targetgroup/blue/73e2d6bc24d8a067"
        weight = 90
      }
      target_group {
        arn    = "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:targetgroup/green/6d0ecf831eec9f09"
        weight = 10
      }
    }
  }

  condition {
    path_pattern {
      values = ["/api/*", "/admin/*"]
    }
  }

  condition {
    source_ip {
      values = ["203.0.113.0/24"]
    }
  }
}
