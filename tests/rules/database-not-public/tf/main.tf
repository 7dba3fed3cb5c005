resource "aws_db_instance" "pass_1" {
  identifier          = "database-pass-1"
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "app"
  password            = "not-a-real-password"
  skip_final_snapshot = true
  publicly_accessible = false
}

resource "aws_db_instance" "pass_2_orders" {
  identifier              = "orders-pass-2"
  engine                  = "mysql"
  instance_class          = "db.t4g.micro"
  allocated_storage       = 20
  username                = "app"
  password                = "not-a-real-password"
  skip_final_snapshot     = true
  backup_retention_period = 7
}

resource "aws_db_instance" "pass_2" {
  identifier          = "replica-pass-2"
  replicate_source_db = aws_db_instance.pass_2_orders.identifier
  instance_class      = "db.t4g.micro"
  skip_final_snapshot = true
  publicly_accessible = false
}

resource "aws_db_instance" "fail_1" {
  identifier          = "database-fail-1"
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "app"
  password            = "not-a-real-password"
  skip_final_snapshot = true
  publicly_accessible = true
}

resource "aws_security_group" "fail_2_closed" {
  name        = "closed-fail-2"
  description = "lets nobody in"
}

resource "aws_db_instance" "fail_2" {
  identifier             = "database-fail-2"
  engine                 = "postgres"
  instance_class         = "db.t4g.micro"
  allocated_storage      = 20
  username               = "app"
  password               = "not-a-real-password"
  skip_final_snapshot    = true
  publicly_accessible    = true
  vpc_security_group_ids = [aws_security_group.fail_2_closed.id]
}

resource "aws_db_instance" "fail_3_primary" {
  identifier          = "primary-fail-3"
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "app"
  password            = "not-a-real-password"
  skip_final_snapshot = true
  publicly_accessible = false
}

resource "aws_db_instance" "fail_3_report" {
  identifier          = "report-fail-3"
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "app"
  password            = "not-a-real-password"
  skip_final_snapshot = true
  publicly_accessible = true
}
