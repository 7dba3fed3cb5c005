resource "aws_elasticache_serverless_cache" "sessions" {
  name                     = "sessions"
  description              = "who is signed in"
  engine                   = "valkey"
  major_engine_version     = "8"
  kms_key_id               = "arn:aws:kms:ap-northeast-2:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
  security_group_ids       = ["sg-0bbb1111222233334"]
  subnet_ids               = ["subnet-0a11112222333344a", "subnet-0c11112222333344c"]
  snapshot_retention_limit = 7
  daily_snapshot_time      = "18:00"
  user_group_id            = "shop"

  cache_usage_limits {
    data_storage {
      maximum = 10
      unit    = "GB"
    }

    ecpu_per_second {
      maximum = 5000
    }
  }
}
