resource "aws_route53_record" "www" {
  zone_id         = "Z0PUBLIC456789"
  name            = "www.cuggu.com"
  type            = "A"
  set_identifier  = "blue"
  health_check_id = "0a1b2c3d-1111-2222-3333-444455556666"

  weighted_routing_policy {
    weight = 90
  }

  alias {
    name                   = "d111111abcdef8.cloudfront.net"
    zone_id                = "Z2FDTNDATAQYW2"
    evaluate_target_health = false
  }
}
