resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.main.id
  tags   = { app = "cuggu" }

  route {
    cidr_block = "172.16.0.0/12"
    gateway_id = "vgw-0123456789abcdef0"
  }
}

resource "aws_route" "out" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = "nat-0123456789abcdef0"
}

resource "aws_route" "out_v6" {
  route_table_id              = aws_route_table.private.id
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = "eigw-0123456789abcdef0"
}

resource "aws_route_table_association" "a" {
  route_table_id = aws_route_table.private.id
  subnet_id      = "subnet-0a11112222333344a"
}

resource "aws_route_table_association" "c" {
  route_table_id = aws_route_table.private.id
  subnet_id      = "subnet-0c11112222333344c"
}
