# Secrets, PostgreSQL, Redis, and the bucket of files.

resource "aws_secretsmanager_secret" "jwt" {
  name = "${local.prefix}-jwt-secret"
}

resource "aws_secretsmanager_secret" "password" {
  name = "${local.prefix}-db-password"
}

resource "aws_secretsmanager_secret" "token" {
  name = "${local.prefix}-redis-auth-token"
}

resource "aws_db_subnet_group" "this" {
  name       = "${local.prefix}-db-subnets"
  subnet_ids = module.networking.private_subnets
}

resource "aws_db_parameter_group" "this" {
  name   = "${local.prefix}-postgres16"
  family = "postgres16"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_db_instance" "this" {
  identifier                 = "${local.prefix}-postgres"
  db_name                    = "glimpse"
  engine                     = "postgres"
  engine_version             = "16.8"
  instance_class             = "db.t4g.micro"
  allocated_storage          = 20
  storage_type               = "gp3"
  storage_encrypted          = true
  username                   = "glimpse"
  password                   = var.database_password
  db_subnet_group_name       = aws_db_subnet_group.this.name
  parameter_group_name       = aws_db_parameter_group.this.name
  vpc_security_group_ids     = [aws_security_group.rds.id]
  availability_zone          = "ap-northeast-2a"
  multi_az                   = false
  publicly_accessible        = false
  backup_retention_period    = 7
  copy_tags_to_snapshot      = true
  auto_minor_version_upgrade = true
  deletion_protection        = true
  skip_final_snapshot        = true
}

resource "aws_elasticache_subnet_group" "this" {
  name       = "${local.prefix}-redis-subnets"
  subnet_ids = module.networking.private_subnets
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = "${local.prefix}-redis"
  description                = "sessions and cached queries"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.t4g.micro"
  num_cache_clusters         = 1
  automatic_failover_enabled = false
  port                       = 6379
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.redis.id]
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = var.redis_token
}

resource "aws_s3_bucket" "files" {
  bucket = "glimpse-files-prod"
}

resource "aws_s3_bucket_public_access_block" "files" {
  bucket                  = aws_s3_bucket.files.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "files" {
  bucket = aws_s3_bucket.files.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_policy" "files" {
  bucket = aws_s3_bucket.files.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AllowCloudFront"
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = "s3:GetObject"
        Resource  = "${aws_s3_bucket.files.arn}/*"
        Condition = { StringEquals = { "AWS:SourceArn" = aws_cloudfront_distribution.files.arn } }
      },
      {
        Sid       = "EnforceTLS"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.files.arn, "${aws_s3_bucket.files.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }
    ]
  })
}
