resource "aws_ebs_encryption_by_default" "this" {
  enabled = true
}

resource "aws_ebs_default_kms_key" "this" {
  key_arn = "arn:aws:kms:ap-northeast-2:111122223333:key/0d1e2f30-0000-4000-8000-000000000001"
}
