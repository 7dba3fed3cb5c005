resource "aws_elasticache_cluster" "redis" {
  cluster_id               = "glimpse-redis"
  engine                   = "redis"
  engine_version           = "7.0"
  node_type                = "cache.t4g.micro"
  num_cache_nodes          = 1
  subnet_group_name        = "glimpse"
  security_group_ids       = ["sg-0123456789abcdef0"]
  parameter_group_name     = "default.redis7"
  port                     = 6379
  availability_zone        = "ap-northeast-2a"
  snapshot_retention_limit = 1
  snapshot_window          = "18:00-19:00"
  maintenance_window       = "sun:19:00-sun:20:00"
}
