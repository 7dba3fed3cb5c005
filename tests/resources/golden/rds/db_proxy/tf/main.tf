resource "aws_db_proxy" "main" {
  name                   = "cuggu"
  engine_family          = "POSTGRESQL"
  require_tls            = true
  idle_client_timeout    = 900
  debug_logging          = false
  role_arn               = "arn:aws:iam::111122223333:role/cuggu-proxy"
  vpc_subnet_ids         = ["subnet-0c11112222333344c", "subnet-0a11112222333344a"]
  vpc_security_group_ids = ["sg-0ccc1111222233334"]

  auth {
    description               = "the application's user"
    auth_scheme               = "SECRETS"
    secret_arn                = "arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:cuggu/db-AbCdEf"
    iam_auth                  = "DISABLED"
    client_password_auth_type = "POSTGRES_SCRAM_SHA_256"
  }

  tags = { app = "cuggu" }
}
