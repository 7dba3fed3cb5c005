resource "aws_elasticache_replication_group" "redis" {
  replication_group_id       = "pingvas-redis"
  description                = "sessions"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.r6g.large"
  num_cache_clusters         = 3
  automatic_failover_enabled = true
  multi_az_enabled           = true
  at_rest_encryption_enabled = true
  kms_key_id                 = "arn:aws:kms:ap-northeast-2:111122223333:key/1111"
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  auth_token                 = "not-a-real-password-1"
  subnet_group_name          = "pingvas"
  security_group_ids         = ["sg-0123456789abcdef0"]
  parameter_group_name       = "redis7"
  port                       = 6379
  snapshot_retention_limit   = 7
  snapshot_window            = "18:00-19:00"
  maintenance_window         = "sun:19:00-sun:20:00"
  notification_topic_arn     = "arn:aws:sns:ap-northeast-2:111122223333:alerts"
  cluster_mode               = "disabled"
  auto_minor_version_upgrade = true
  log_delivery_configuration {
    log_type         = "slow-log"
    destination_type = "cloudwatch-logs"
    destination      = "/redis/slow"
    log_format       = "json"
  }
}
