resource "aws_ec2_transit_gateway_peering_attachment" "tokyo" {
  transit_gateway_id      = "tgw-0123456789abcdef0"
  peer_transit_gateway_id = "tgw-0fedcba9876543210"
  peer_account_id         = "444455556666"
  peer_region             = "ap-northeast-1"
}
