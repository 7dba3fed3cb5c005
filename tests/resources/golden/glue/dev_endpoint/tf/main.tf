resource "aws_glue_dev_endpoint" "bench" {
  name                   = "bench"
  role_arn               = "arn:aws:iam::111122223333:role/research"
  subnet_id              = "subnet-0a1"
  security_group_ids     = ["sg-0a1"]
  security_configuration = "sealed"
  worker_type            = "G.1X"
  number_of_workers      = 2

  tags = { app = "research" }
}
