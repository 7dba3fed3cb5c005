resource "aws_rds_cluster_parameter_group" "db" {
  name        = "pingvas-17"
  family      = "aurora-postgresql17"
  description = "ours"
  parameter {
    name  = "rds.force_ssl"
    value = 1
  }
}
