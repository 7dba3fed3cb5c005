resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
  transit_gateway_id                 = "tgw-0123456789abcdef0"
  vpc_id                             = "vpc-0123456789abcdef0"
  subnet_ids                         = ["subnet-0c11112222333344c", "subnet-0a11112222333344a"]
  dns_support                        = "enable"
  ipv6_support                       = "disable"
  appliance_mode_support             = "enable"
  security_group_referencing_support = "enable"
  tags                               = { app = "cuggu" }
}
