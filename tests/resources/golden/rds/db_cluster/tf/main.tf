resource "aws_rds_cluster" "db" {
  cluster_identifier                  = "pingvas"
  engine                              = "aurora-postgresql"
  engine_version                      = "17.4"
  database_name                       = "pingvas"
  master_username                     = "pingvas"
  master_password                     = "not-a-real-password"
  db_subnet_group_name                = "pingvas-db"
  vpc_security_group_ids              = ["sg-0123456789abcdef0"]
  availability_zones                  = ["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c"]
  port                                = 5432
  storage_encrypted                   = true
  kms_key_id                          = "arn:aws:kms:ap-northeast-2:111122223333:key/1111"
  backup_retention_period             = 7
  preferred_backup_window             = "18:00-19:00"
  preferred_maintenance_window        = "sun:19:00-sun:20:00"
  copy_tags_to_snapshot               = true
  deletion_protection                 = true
  iam_database_authentication_enabled = true
  enabled_cloudwatch_logs_exports     = ["postgresql"]
  db_cluster_parameter_group_name     = "pingvas-17"
  network_type                        = "IPV4"
  serverlessv2_scaling_configuration {
    min_capacity = 0.5
    max_capacity = 4
  }
}

resource "aws_rds_cluster_role_association" "import" {
  db_cluster_identifier = aws_rds_cluster.db.id
  feature_name          = "s3Import"
  role_arn              = "arn:aws:iam::111122223333:role/import"
}
