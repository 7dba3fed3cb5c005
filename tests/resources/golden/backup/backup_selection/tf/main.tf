resource "aws_backup_selection" "files" {
  name         = "shop-files"
  plan_id      = "11111111-2222-4333-8444-555555555555"
  iam_role_arn = "arn:aws:iam::111122223333:role/backup"
  resources    = ["arn:aws:elasticfilesystem:ap-northeast-2:111122223333:file-system/fs-0123456789abcdef8"]
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "backup"
    value = "nightly"
  }
  condition {
    string_equals {
      key   = "aws:ResourceTag/stage"
      value = "prod"
    }
  }
}
