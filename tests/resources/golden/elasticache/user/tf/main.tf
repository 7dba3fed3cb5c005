resource "aws_elasticache_user" "orders" {
  user_id       = "orders"
  user_name     = "orders"
  engine        = "valkey"
  access_string = "on ~order:* +@read +@write"

  authentication_mode {
    type      = "password"
    passwords = ["example-of-a-password"]
  }
}
