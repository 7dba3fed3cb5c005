resource "aws_security_group" "db" {
  name        = "cuggu-db"
  description = "Who may reach the database"
  vpc_id      = "vpc-0123456789abcdef0"
  tags        = { app = "cuggu" }
}

resource "aws_vpc_security_group_ingress_rule" "office" {
  security_group_id = aws_security_group.db.id
  description       = "office"
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv4         = "10.9.0.0/24"
}

resource "aws_vpc_security_group_ingress_rule" "six" {
  security_group_id = aws_security_group.db.id
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv6         = "2406:da12:123:4501::/64"
}

resource "aws_vpc_security_group_ingress_rule" "server" {
  security_group_id            = aws_security_group.db.id
  description                  = "server"
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  referenced_security_group_id = "sg-0bbb1111222233334"
}

resource "aws_security_group_rule" "cdn" {
  security_group_id = aws_security_group.db.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_ids   = ["pl-22a6434b"]
}

resource "aws_security_group_rule" "ping" {
  security_group_id = aws_security_group.db.id
  type              = "ingress"
  protocol          = "1"
  from_port         = 8
  to_port           = -1
  cidr_blocks       = ["10.0.0.0/16"]
}

resource "aws_vpc_security_group_egress_rule" "inside" {
  security_group_id = aws_security_group.db.id
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/16"
}

resource "aws_security_group_rule" "names" {
  security_group_id        = aws_security_group.db.id
  type                     = "egress"
  protocol                 = "udp"
  from_port                = 53
  to_port                  = 53
  source_security_group_id = "sg-0bbb1111222233334"
}
