resource "aws_db_instance" "main" {
  identifier                            = "cuggu-prod"
  engine                                = "postgres"
  engine_version                        = "16.4"
  instance_class                        = "db.m7g.large"
  db_name                               = "cuggu"
  username                              = "cuggu"
  manage_master_user_password           = true
  master_user_secret_kms_key_id         = "arn:aws:kms:ap-northeast-2:111122223333:key/0d1e2f30-0000-4000-8000-000000000001"
  multi_az                              = false
  availability_zone                     = "ap-northeast-2a"
  publicly_accessible                   = false
  vpc_security_group_ids                = ["sg-0bbb1111222233334", "sg-0aaa1111222233334"]
  db_subnet_group_name                  = "cuggu-db"
  network_type                          = "IPV4"
  port                                  = 5432
  storage_encrypted                     = true
  kms_key_id                            = "arn:aws:kms:ap-northeast-2:111122223333:key/0d1e2f30-0000-4000-8000-000000000001"
  allocated_storage                     = 400
  max_allocated_storage                 = 1000
  storage_type                          = "gp3"
  iops                                  = 12000
  storage_throughput                    = 500
  backup_retention_period               = 7
  backup_window                         = "17:10-17:40"
  maintenance_window                    = "sun:18:00-sun:18:30"
  copy_tags_to_snapshot                 = true
  deletion_protection                   = true
  auto_minor_version_upgrade            = true
  enabled_cloudwatch_logs_exports       = ["upgrade", "postgresql"]
  monitoring_interval                   = 60
  monitoring_role_arn                   = "arn:aws:iam::111122223333:role/cuggu-rds-monitoring"
  performance_insights_enabled          = true
  performance_insights_retention_period = 7
  performance_insights_kms_key_id       = "arn:aws:kms:ap-northeast-2:111122223333:key/0d1e2f30-0000-4000-8000-000000000001"
  iam_database_authentication_enabled   = true
  parameter_group_name                  = "cuggu-pg16"
  option_group_name                     = "default:postgres-16"
  ca_cert_identifier                    = "rds-ca-rsa2048-g1"
  license_model                         = "postgresql-license"
  tags                                  = { app = "cuggu" }
}

resource "aws_db_instance_role_association" "import" {
  db_instance_identifier = aws_db_instance.main.identifier
  feature_name           = "s3Import"
  role_arn               = "arn:aws:iam::111122223333:role/cuggu-db-import"
}
