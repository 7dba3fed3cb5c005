resource "aws_elb" "main" {
  name            = "cuggu-old"
  internal        = true
  subnets         = ["subnet-0a11112222333344a"]
  security_groups = ["sg-0ccc1111222233334"]
  instances       = ["i-0123456789abcdef0"]

  listener {
    lb_port            = 443
    lb_protocol        = "https"
    instance_port      = 8080
    instance_protocol  = "http"
    ssl_certificate_id = "arn:aws:acm:ap-northeast-2:111122223333:certificate/0b9e8d7c-1111-2222-3333-444455556666"
  }

  health_check {
    target              = "HTTP:8080/health"
    interval            = 30
    timeout             = 5
    unhealthy_threshold = 2
    healthy_threshold   = 10
  }

  access_logs {
    bucket        = "cuggu-logs"
    bucket_prefix = "old"
    interval      = 60
  }

  connection_draining         = true
  connection_draining_timeout = 120
  idle_timeout                = 90
  tags                        = { app = "cuggu" }
}
