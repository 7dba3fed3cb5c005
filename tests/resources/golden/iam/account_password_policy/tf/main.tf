resource "aws_iam_account_password_policy" "this" {
  minimum_password_length      = 14
  require_symbols              = true
  require_numbers              = true
  require_uppercase_characters = true
  require_lowercase_characters = true
  max_password_age             = 90
  password_reuse_prevention    = 24
}
