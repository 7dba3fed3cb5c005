resource "aws_secretsmanager_secret" "db" {
  name                    = "cuggu/db"
  description             = "the database's password"
  kms_key_id              = "arn:aws:kms:ap-northeast-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  recovery_window_in_days = 30

  tags = { app = "cuggu" }
}

resource "aws_secretsmanager_secret_policy" "db" {
  secret_arn = aws_secretsmanager_secret.db.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Strangers"
      Effect    = "Deny"
      Principal = "*"
      Action    = "secretsmanager:GetSecretValue"
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:PrincipalAccount" = "111122223333" } }
    }]
  })
}

resource "aws_secretsmanager_secret_rotation" "db" {
  secret_id           = aws_secretsmanager_secret.db.id
  rotation_lambda_arn = "arn:aws:lambda:ap-northeast-2:111122223333:function:cuggu-rotate"

  rotation_rules {
    automatically_after_days = 30
  }
}
