resource "aws_db_proxy_default_target_group" "main" {
  db_proxy_name = "cuggu"

  connection_pool_config {
    max_connections_percent      = 90
    max_idle_connections_percent = 45
    connection_borrow_timeout    = 120
  }
}

resource "aws_db_proxy_target" "main" {
  db_proxy_name          = "cuggu"
  target_group_name      = aws_db_proxy_default_target_group.main.name
  db_instance_identifier = "cuggu-prod"
}
