resource "aws_security_group" "aurora" {
  name        = "${local.name}-aurora"
  description = "PostgreSQL"
  vpc_id      = aws_vpc.this.id
  ingress {
    description     = "nodes and people"
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.nodes.id, aws_security_group.vpn.id]
  }
}

resource "aws_db_subnet_group" "aurora" {
  name       = "${local.name}-aurora"
  subnet_ids = aws_subnet.data[*].id
}

resource "aws_rds_cluster" "aurora" {
  cluster_identifier          = "${local.name}-aurora"
  engine                      = "aurora-postgresql"
  engine_version              = "17.4"
  database_name               = "pingvas"
  master_username             = "pingvas"
  manage_master_user_password = true
  db_subnet_group_name        = aws_db_subnet_group.aurora.name
  vpc_security_group_ids      = [aws_security_group.aurora.id]
  backup_retention_period     = 7
  storage_encrypted           = true
  deletion_protection         = true
  copy_tags_to_snapshot       = true
}

resource "aws_rds_cluster_instance" "aurora" {
  count                      = 3
  identifier                 = "${local.name}-aurora-${count.index}"
  cluster_identifier         = aws_rds_cluster.aurora.id
  engine                     = aws_rds_cluster.aurora.engine
  instance_class             = "db.t3.medium"
  availability_zone          = local.zones[count.index]
  publicly_accessible        = false
  auto_minor_version_upgrade = true
}

resource "aws_security_group" "redis" {
  name        = "${local.name}-redis"
  description = "Redis"
  vpc_id      = aws_vpc.this.id
  ingress {
    description     = "nodes"
    from_port       = 6379
    to_port         = 6379
    protocol        = "tcp"
    security_groups = [aws_security_group.nodes.id]
  }
}

resource "aws_elasticache_subnet_group" "redis" {
  name       = "${local.name}-redis"
  subnet_ids = aws_subnet.data[*].id
}

resource "aws_elasticache_cluster" "dev" {
  cluster_id         = "${local.name}-dev"
  engine             = "redis"
  engine_version     = "7.1"
  node_type          = "cache.t3.micro"
  num_cache_nodes    = 1
  subnet_group_name  = aws_elasticache_subnet_group.redis.name
  security_group_ids = [aws_security_group.redis.id]
}

resource "aws_elasticache_replication_group" "prod" {
  replication_group_id       = "${local.name}-prod"
  description                = "Redis of prod"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.r6g.large"
  num_cache_clusters         = 3
  automatic_failover_enabled = true
  multi_az_enabled           = true
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  snapshot_retention_limit   = 3
  subnet_group_name          = aws_elasticache_subnet_group.redis.name
  security_group_ids         = [aws_security_group.redis.id]
}

resource "aws_security_group" "files" {
  name        = "${local.name}-files"
  description = "NFS"
  vpc_id      = aws_vpc.this.id
  ingress {
    description     = "nodes"
    from_port       = 2049
    to_port         = 2049
    protocol        = "tcp"
    security_groups = [aws_security_group.nodes.id]
  }
}

resource "aws_efs_file_system" "this" {
  performance_mode = "generalPurpose"
  throughput_mode  = "elastic"
  encrypted        = true
  lifecycle_policy { transition_to_ia = "AFTER_30_DAYS" }
  tags = { Name = local.name }
}

resource "aws_efs_mount_target" "this" {
  count           = 3
  file_system_id  = aws_efs_file_system.this.id
  subnet_id       = aws_subnet.nodes[count.index].id
  security_groups = [aws_security_group.files.id]
}

resource "aws_efs_access_point" "this" {
  for_each = toset([
    "/models/stable-diffusion",
    "/models/sdxl",
    "/models/flux",
    "/models/controlnet",
    "/models/lora",
    "/shared/workflows",
    "/shared/styles",
  ])
  file_system_id = aws_efs_file_system.this.id
  posix_user {
    uid = 1000
    gid = 1000
  }
  root_directory {
    path = each.key
    creation_info {
      owner_uid   = 1000
      owner_gid   = 1000
      permissions = "0755"
    }
  }
}

resource "aws_iam_role" "backup" {
  name = "${local.name}-backup"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "backup.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_backup_vault" "files" {
  name = "${local.name}-files"
}

resource "aws_backup_plan" "files" {
  name = "${local.name}-files"
  rule {
    rule_name         = "nightly"
    target_vault_name = aws_backup_vault.files.name
    schedule          = "cron(0 18 * * ? *)"
    lifecycle { delete_after = 30 }
  }
}

resource "aws_backup_selection" "files" {
  name         = "models"
  plan_id      = aws_backup_plan.files.id
  iam_role_arn = aws_iam_role.backup.arn
  resources    = [aws_efs_file_system.this.arn]
}
