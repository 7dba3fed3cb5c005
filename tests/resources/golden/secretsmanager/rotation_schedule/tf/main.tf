resource "aws_secretsmanager_secret_rotation" "db" {
  secret_id           = "arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:db-AbCdEf"
  rotation_lambda_arn = "arn:aws:lambda:ap-northeast-2:111122223333:function:rotate"
  rotation_rules {
    automatically_after_days = 30
  }
}
