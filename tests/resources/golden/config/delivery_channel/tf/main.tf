resource "aws_config_delivery_channel" "all" {
  name           = "default"
  s3_bucket_name = "shop-config"
  s3_key_prefix  = "seoul"
  s3_kms_key_arn = "arn:aws:kms:ap-northeast-2:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
  sns_topic_arn  = "arn:aws:sns:ap-northeast-2:111122223333:config"

  snapshot_delivery_properties {
    delivery_frequency = "TwentyFour_Hours"
  }
}
