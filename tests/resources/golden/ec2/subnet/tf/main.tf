resource "aws_subnet" "public" {
  vpc_id                          = "vpc-0123456789abcdef0"
  cidr_block                      = "10.0.1.0/24"
  ipv6_cidr_block                 = "2406:da12:123:4501::/64"
  availability_zone               = "ap-northeast-2a"
  map_public_ip_on_launch         = true
  assign_ipv6_address_on_creation = true
  enable_dns64                    = true
  tags                            = { app = "cuggu" }
}
