resource "aws_vpc" "pass_2" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "pass_2" {
  vpc_id = aws_vpc.pass_2.id
}
resource "aws_subnet" "pass_2" {
  vpc_id            = aws_vpc.pass_2.id
  cidr_block        = "10.0.2.0/24"
  availability_zone = "ap-northeast-2a"
}
resource "aws_subnet" "pass_2_other" {
  vpc_id            = aws_vpc.pass_2.id
  cidr_block        = "10.0.3.0/24"
  availability_zone = "ap-northeast-2c"
}
resource "aws_route_table" "pass_2" {
  vpc_id = aws_vpc.pass_2.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.pass_2.id
  }
}
resource "aws_route_table_association" "pass_2" {
  subnet_id      = aws_subnet.pass_2.id
  route_table_id = aws_route_table.pass_2.id
}
resource "aws_route_table_association" "pass_2_other" {
  subnet_id      = aws_subnet.pass_2_other.id
  route_table_id = aws_route_table.pass_2.id
}
resource "aws_db_subnet_group" "pass_2" {
  name       = "pass-2"
  subnet_ids = [aws_subnet.pass_2.id, aws_subnet.pass_2_other.id]
}
resource "aws_security_group" "pass_2" {
  name        = "pass-2"
  description = "one office"
  vpc_id      = aws_vpc.pass_2.id
  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["203.0.113.0/24"]
  }
}
resource "aws_db_instance" "pass_2" {
  identifier             = "database-pass-2"
  engine                 = "postgres"
  instance_class         = "db.t4g.micro"
  allocated_storage      = 20
  username               = "app"
  password               = "not-a-real-password"
  skip_final_snapshot    = true
  publicly_accessible    = true
  db_subnet_group_name   = aws_db_subnet_group.pass_2.name
  vpc_security_group_ids = [aws_security_group.pass_2.id]
}

resource "aws_vpc" "fail_1" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "fail_1" {
  vpc_id = aws_vpc.fail_1.id
}
resource "aws_subnet" "fail_1" {
  vpc_id            = aws_vpc.fail_1.id
  cidr_block        = "10.0.2.0/24"
  availability_zone = "ap-northeast-2a"
}
resource "aws_subnet" "fail_1_other" {
  vpc_id            = aws_vpc.fail_1.id
  cidr_block        = "10.0.3.0/24"
  availability_zone = "ap-northeast-2c"
}
resource "aws_route_table" "fail_1" {
  vpc_id = aws_vpc.fail_1.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.fail_1.id
  }
}
resource "aws_route_table_association" "fail_1" {
  subnet_id      = aws_subnet.fail_1.id
  route_table_id = aws_route_table.fail_1.id
}
resource "aws_route_table_association" "fail_1_other" {
  subnet_id      = aws_subnet.fail_1_other.id
  route_table_id = aws_route_table.fail_1.id
}
resource "aws_db_subnet_group" "fail_1" {
  name       = "fail-1"
  subnet_ids = [aws_subnet.fail_1.id, aws_subnet.fail_1_other.id]
}
resource "aws_security_group" "fail_1" {
  name        = "fail-1"
  description = "lets everybody in"
  vpc_id      = aws_vpc.fail_1.id
  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_db_instance" "fail_1" {
  identifier             = "database-fail-1"
  engine                 = "postgres"
  instance_class         = "db.t4g.micro"
  allocated_storage      = 20
  username               = "app"
  password               = "not-a-real-password"
  skip_final_snapshot    = true
  publicly_accessible    = true
  db_subnet_group_name   = aws_db_subnet_group.fail_1.name
  vpc_security_group_ids = [aws_security_group.fail_1.id]
}

resource "aws_vpc" "fail_2" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "fail_2" {
  vpc_id = aws_vpc.fail_2.id
}
resource "aws_subnet" "fail_2" {
  vpc_id            = aws_vpc.fail_2.id
  cidr_block        = "10.0.2.0/24"
  availability_zone = "ap-northeast-2a"
}
resource "aws_subnet" "fail_2_other" {
  vpc_id            = aws_vpc.fail_2.id
  cidr_block        = "10.0.3.0/24"
  availability_zone = "ap-northeast-2c"
}
resource "aws_route_table" "fail_2" {
  vpc_id = aws_vpc.fail_2.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.fail_2.id
  }
}
resource "aws_route_table_association" "fail_2" {
  subnet_id      = aws_subnet.fail_2.id
  route_table_id = aws_route_table.fail_2.id
}
resource "aws_route_table_association" "fail_2_other" {
  subnet_id      = aws_subnet.fail_2_other.id
  route_table_id = aws_route_table.fail_2.id
}
resource "aws_db_subnet_group" "fail_2" {
  name       = "fail-2"
  subnet_ids = [aws_subnet.fail_2.id, aws_subnet.fail_2_other.id]
}
resource "aws_security_group" "fail_2" {
  name        = "fail-2"
  description = "lets everybody in"
  vpc_id      = aws_vpc.fail_2.id
  ingress {
    from_port   = 3300
    to_port     = 3310
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/1"]
  }
  ingress {
    from_port   = 3300
    to_port     = 3310
    protocol    = "tcp"
    cidr_blocks = ["128.0.0.0/1"]
  }
}
resource "aws_db_instance" "fail_2" {
  identifier             = "database-fail-2"
  engine                 = "mysql"
  port                   = 3307
  instance_class         = "db.t4g.micro"
  allocated_storage      = 20
  username               = "app"
  password               = "not-a-real-password"
  skip_final_snapshot    = true
  publicly_accessible    = true
  db_subnet_group_name   = aws_db_subnet_group.fail_2.name
  vpc_security_group_ids = [aws_security_group.fail_2.id]
}
