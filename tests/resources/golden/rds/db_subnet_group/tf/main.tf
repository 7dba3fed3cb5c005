resource "aws_db_subnet_group" "main" {
  name        = "cuggu-db"
  description = "Subnets of the database"
  subnet_ids  = ["subnet-0c11112222333344c", "subnet-0a11112222333344a"]
  tags        = { app = "cuggu" }
}
