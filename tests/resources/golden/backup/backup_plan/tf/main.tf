resource "aws_backup_plan" "files" {
  name = "shop-files-nightly"
  rule {
    rule_name         = "nightly"
    target_vault_name = "shop-files"
    schedule          = "cron(0 18 * * ? *)"
    start_window      = 480
    completion_window = 720
    lifecycle {
      cold_storage_after = 30
      delete_after       = 365
    }
  }
  rule {
    rule_name                    = "monthly"
    target_vault_name            = "shop-files"
    schedule                     = "cron(0 18 1 * ? *)"
    schedule_expression_timezone = "Asia/Seoul"
    completion_window            = 10080
    copy_action {
      destination_vault_arn = "arn:aws:backup:us-east-1:111122223333:backup-vault:shop-far"
      lifecycle {
        delete_after = 90
      }
    }
  }
}
