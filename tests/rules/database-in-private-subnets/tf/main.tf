resource "aws_vpc" "pass_1" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "pass_1" {
  vpc_id = aws_vpc.pass_1.id
}

resource "aws_subnet" "pass_1_edge" {
  vpc_id            = aws_vpc.pass_1.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "ap-northeast-2a"
}

resource "aws_route_table" "pass_1_edge" {
  vpc_id = aws_vpc.pass_1.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.pass_1.id
  }
}

resource "aws_route_table_association" "pass_1_edge" {
  route_table_id = aws_route_table.pass_1_edge.id
  subnet_id      = aws_subnet.pass_1_edge.id
}

resource "aws_eip" "pass_1" {
  domain = "vpc"
}

resource "aws_nat_gateway" "pass_1" {
  allocation_id = aws_eip.pass_1.id
  subnet_id     = aws_subnet.pass_1_edge.id
}

resource "aws_subnet" "pass_1_private" {
  vpc_id            = aws_vpc.pass_1.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "ap-northeast-2a"
}

resource "aws_route_table" "pass_1_private" {
  vpc_id = aws_vpc.pass_1.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.pass_1.id
  }
}

resource "aws_route_table_association" "pass_1_private" {
  route_table_id = aws_route_table.pass_1_private.id
  subnet_id      = aws_subnet.pass_1_private.id
}

resource "aws_subnet" "pass_1_isolated" {
  vpc_id            = aws_vpc.pass_1.id
  cidr_block        = "10.0.2.0/24"
  availability_zone = "ap-northeast-2c"
}

resource "aws_route_table" "pass_1_isolated" {
  vpc_id = aws_vpc.pass_1.id
}

resource "aws_route_table_association" "pass_1_isolated" {
  route_table_id = aws_route_table.pass_1_isolated.id
  subnet_id      = aws_subnet.pass_1_isolated.id
}

resource "aws_db_subnet_group" "pass_1" {
  name        = "data-pass-1"
  description = "data"
  subnet_ids  = [aws_subnet.pass_1_private.id, aws_subnet.pass_1_isolated.id]
}

resource "aws_db_instance" "pass_1" {
  identifier           = "orders-pass-1"
  engine               = "postgres"
  instance_class       = "db.t4g.micro"
  allocated_storage    = 20
  username             = "app"
  password             = "not-a-real-password"
  skip_final_snapshot  = true
  db_subnet_group_name = aws_db_subnet_group.pass_1.name
}

resource "aws_vpc" "fail_1" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "fail_1" {
  vpc_id = aws_vpc.fail_1.id
}

resource "aws_subnet" "fail_1_one" {
  vpc_id            = aws_vpc.fail_1.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "ap-northeast-2a"
}

resource "aws_route_table" "fail_1_one" {
  vpc_id = aws_vpc.fail_1.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.fail_1.id
  }
}

resource "aws_route_table_association" "fail_1_one" {
  route_table_id = aws_route_table.fail_1_one.id
  subnet_id      = aws_subnet.fail_1_one.id
}

resource "aws_db_subnet_group" "fail_1" {
  name        = "data-fail-1"
  description = "data"
  subnet_ids  = [aws_subnet.fail_1_one.id]
}

resource "aws_db_instance" "fail_1" {
  identifier           = "orders-fail-1"
  engine               = "postgres"
  instance_class       = "db.t4g.micro"
  allocated_storage    = 20
  username             = "app"
  password             = "not-a-real-password"
  skip_final_snapshot  = true
  db_subnet_group_name = aws_db_subnet_group.fail_1.name
}

resource "aws_vpc" "fail_2" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "fail_2" {
  vpc_id = aws_vpc.fail_2.id
}

resource "aws_subnet" "fail_2_inner" {
  vpc_id            = aws_vpc.fail_2.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "ap-northeast-2a"
}

resource "aws_route_table" "fail_2_inner" {
  vpc_id = aws_vpc.fail_2.id
}

resource "aws_route_table_association" "fail_2_inner" {
  route_table_id = aws_route_table.fail_2_inner.id
  subnet_id      = aws_subnet.fail_2_inner.id
}

resource "aws_subnet" "fail_2_outer" {
  vpc_id            = aws_vpc.fail_2.id
  cidr_block        = "10.0.2.0/24"
  availability_zone = "ap-northeast-2c"
}

resource "aws_route_table" "fail_2_outer" {
  vpc_id = aws_vpc.fail_2.id

  route {
    ipv6_cidr_block = "::/0"
    gateway_id      = aws_internet_gateway.fail_2.id
  }
}

resource "aws_route_table_association" "fail_2_outer" {
  route_table_id = aws_route_table.fail_2_outer.id
  subnet_id      = aws_subnet.fail_2_outer.id
}

resource "aws_db_subnet_group" "fail_2" {
  name        = "data-fail-2"
  description = "data"
  subnet_ids  = [aws_subnet.fail_2_inner.id, aws_subnet.fail_2_outer.id]
}

resource "aws_db_instance" "fail_2" {
  identifier           = "orders-fail-2"
  engine               = "postgres"
  instance_class       = "db.t4g.micro"
  allocated_storage    = 20
  username             = "app"
  password             = "not-a-real-password"
  skip_final_snapshot  = true
  db_subnet_group_name = aws_db_subnet_group.fail_2.name
}
