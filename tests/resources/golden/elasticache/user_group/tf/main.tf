resource "aws_elasticache_user_group" "shop" {
  user_group_id = "shop"
  engine        = "redis"
  user_ids      = ["default"]
}

resource "aws_elasticache_user_group_association" "orders" {
  user_group_id = aws_elasticache_user_group.shop.user_group_id
  user_id       = "orders"
}
