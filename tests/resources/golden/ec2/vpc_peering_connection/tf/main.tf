resource "aws_vpc_peering_connection" "partner" {
  vpc_id        = "vpc-0123456789abcdef0"
  peer_vpc_id   = "vpc-0fedcba9876543210"
  peer_owner_id = "444455556666"
  peer_region   = "us-east-1"
  tags          = { app = "cuggu" }
}
