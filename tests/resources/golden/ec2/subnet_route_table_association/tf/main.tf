resource "aws_route_table_association" "public" {
  subnet_id      = "subnet-0a11112222333344a"
  route_table_id = "rtb-0123456789abcdef0"
}
