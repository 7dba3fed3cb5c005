resource "aws_glue_job" "nightly" {
  name                   = "nightly"
  description            = "Rows into the lake"
  role_arn               = "arn:aws:iam::111122223333:role/research"
  glue_version           = "4.0"
  execution_class        = "STANDARD"
  max_retries            = 1
  worker_type            = "G.1X"
  number_of_workers      = 10
  security_configuration = "sealed"

  command {
    script_location = "s3://scripts/nightly.py"
  }

  tags = { app = "research" }
}
