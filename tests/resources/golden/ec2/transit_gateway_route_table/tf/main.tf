resource "aws_vpc" "services" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_ec2_transit_gateway_vpc_attachment" "services" {
  transit_gateway_id = "tgw-0123456789abcdef0"
  vpc_id             = aws_vpc.services.id
  subnet_ids         = ["subnet-0a11112222333344a"]
}

resource "aws_ec2_transit_gateway_route_table" "main" {
  transit_gateway_id = "tgw-0123456789abcdef0"
  tags               = { app = "cuggu" }
}

resource "aws_ec2_transit_gateway_route" "out" {
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
  destination_cidr_block         = "0.0.0.0/0"
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.services.id
}

resource "aws_ec2_transit_gateway_route" "nowhere" {
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
  destination_cidr_block         = "192.168.0.0/16"
  blackhole                      = true
}

resource "aws_ec2_transit_gateway_route_table_association" "services" {
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.services.id
}

resource "aws_ec2_transit_gateway_route_table_propagation" "services" {
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.services.id
}
