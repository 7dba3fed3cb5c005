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
