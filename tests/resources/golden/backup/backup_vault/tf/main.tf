resource "aws_backup_vault" "files" {
  name        = "shop-files"
  kms_key_arn = "arn:aws:kms:ap-northeast-2:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
}
