resource "aws_ec2_transit_gateway" "main" {
  description                        = "between our networks"
  amazon_side_asn                    = 64512
  auto_accept_shared_attachments     = "disable"
  default_route_table_association    = "disable"
  default_route_table_propagation    = "disable"
  dns_support                        = "enable"
  vpn_ecmp_support                   = "enable"
  security_group_referencing_support = "enable"
  tags                               = { app = "cuggu" }
}
