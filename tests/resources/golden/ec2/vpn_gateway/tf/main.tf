resource "aws_vpn_gateway" "main" {
  vpc_id          = "vpc-0123456789abcdef0"
  amazon_side_asn = "64600"
  tags            = { app = "cuggu" }
}
