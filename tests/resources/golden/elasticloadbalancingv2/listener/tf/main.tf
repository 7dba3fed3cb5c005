resource "aws_lb_listener" "https" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:loadbalancer/app/cuggu/50dc6c495c0c9188"
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:ap-northeast-2:111122223333:certificate/12345678-1234-1234-1234-123456789012"

  default_action {
    type = "authenticate-oidc"
    authenticate_oidc {
      issuer                 = "https://login.example.com"
      authorization_endpoint = "https://login.example.com/authorize"
      token_endpoint         = "https://login.example.com/token"
      user_info_endpoint     = "https://login.example.com/userinfo"
      client_id              = "cuggu"
      client_secret          = "not-a-real-secret"
    }
  }

  default_action {
    type = "forward"
    forward {
      target_group {
        arn    = "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:targetgroup/blue/6d0ecf831eec9f09"
        weight = 9
      }
      target_group {
        arn = "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:targetgroup/green/73e2d6bc24d8a067"
      }
    }
  }
}
