resource "aws_network_acl" "db" {
  vpc_id     = "vpc-0123456789abcdef0"
  subnet_ids = ["subnet-0c11112222333344c", "subnet-0a11112222333344a"]
  tags       = { app = "cuggu" }
}

resource "aws_network_acl_rule" "database" {
  network_acl_id = aws_network_acl.db.id
  rule_number    = 100
  egress         = false
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "10.0.0.0/16"
  from_port      = 5432
  to_port        = 5432
}

resource "aws_network_acl_rule" "ping" {
  network_acl_id = aws_network_acl.db.id
  rule_number    = 110
  egress         = false
  protocol       = "icmp"
  rule_action    = "allow"
  cidr_block     = "10.0.0.0/16"
  icmp_type      = 8
  icmp_code      = -1
}

resource "aws_network_acl_rule" "out" {
  network_acl_id = aws_network_acl.db.id
  rule_number    = 100
  egress         = true
  protocol       = "-1"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
}
