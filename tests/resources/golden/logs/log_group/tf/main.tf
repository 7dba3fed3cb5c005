resource "aws_cloudwatch_log_group" "server" {
  name              = "/aws/lambda/cuggu-server"
  retention_in_days = 30
  kms_key_id        = "arn:aws:kms:ap-northeast-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"

  tags = { app = "cuggu" }
}
