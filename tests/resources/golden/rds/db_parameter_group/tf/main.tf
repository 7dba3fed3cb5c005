resource "aws_db_parameter_group" "main" {
  name        = "cuggu-pg16"
  family      = "postgres16"
  description = "Parameters of the database"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = 1000
  }

  parameter {
    name         = "shared_preload_libraries"
    value        = "pg_stat_statements,pgaudit"
    apply_method = "pending-reboot"
  }

  tags = { app = "cuggu" }
}
