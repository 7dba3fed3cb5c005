resource "aws_cloudtrail" "calls" {
  name                       = "calls"
  s3_bucket_name             = "calls-of-all"
  s3_key_prefix              = "trail"
  is_multi_region_trail      = true
  enable_log_file_validation = true
  kms_key_id                 = "arn:aws:kms:ap-northeast-2:111122223333:key/1111"
  cloud_watch_logs_group_arn = "arn:aws:logs:ap-northeast-2:111122223333:log-group:calls:*"
  cloud_watch_logs_role_arn  = "arn:aws:iam::111122223333:role/trail"
  event_selector {
    read_write_type = "WriteOnly"
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}
