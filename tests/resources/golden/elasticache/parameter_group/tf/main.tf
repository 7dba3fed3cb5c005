resource "aws_elasticache_parameter_group" "redis" {
  name        = "redis7"
  family      = "redis7"
  description = "ours"
  parameter {
    name  = "timeout"
    value = 300
  }
  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }
}
