resource "aws_route53_zone" "internal" {
  name    = "internal.cuggu.com"
  comment = "Names inside the network"

  vpc {
    vpc_id     = "vpc-0123456789abcdef0"
    vpc_region = "ap-northeast-2"
  }

  tags = { app = "cuggu" }

  lifecycle {
    ignore_changes = [vpc]
  }
}

resource "aws_route53_zone_association" "peer" {
  zone_id    = aws_route53_zone.internal.zone_id
  vpc_id     = "vpc-0fedcba9876543210"
  vpc_region = "ap-northeast-2"
}
