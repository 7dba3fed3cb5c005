resource "aws_db_instance" "pass_1" {
  identifier          = "orders-pass-1"
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "app"
  password            = "not-a-real-password"
  skip_final_snapshot = true
  storage_encrypted   = true
}

resource "aws_kms_key" "pass_2" {
  enable_key_rotation = true
}

resource "aws_db_instance" "pass_2" {
  identifier          = "orders-pass-2"
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "app"
  password            = "not-a-real-password"
  skip_final_snapshot = true
  storage_encrypted   = true
  kms_key_id          = aws_kms_key.pass_2.arn
}

resource "aws_db_instance" "fail_1" {
  identifier          = "orders-fail-1"
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "app"
  password            = "not-a-real-password"
  skip_final_snapshot = true
  storage_encrypted   = false
}

resource "aws_db_instance" "fail_2" {
  identifier          = "orders-fail-2"
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "app"
  password            = "not-a-real-password"
  skip_final_snapshot = true
}
