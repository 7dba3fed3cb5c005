resource "aws_lb_target_group" "app" {
  name                          = "cuggu"
  port                          = 8080
  protocol                      = "HTTP"
  target_type                   = "instance"
  vpc_id                        = "vpc-0123456789abcdef0"
  deregistration_delay          = 30
  load_balancing_algorithm_type = "least_outstanding_requests"
  tags                          = { app = "cuggu" }

  stickiness {
    enabled         = true
    type            = "lb_cookie"
    cookie_duration = 3600
  }
}

resource "aws_lb_target_group_attachment" "first" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id        = "i-0123456789abcdef0"
}

resource "aws_lb_target_group_attachment" "second" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id        = "i-0123456789abcdef1"
  port             = 9090
}
