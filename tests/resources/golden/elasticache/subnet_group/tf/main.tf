resource "aws_elasticache_subnet_group" "cache" {
  name        = "pingvas"
  description = "Subnets of the cache"
  subnet_ids  = ["subnet-0c11112222333344c", "subnet-0a11112222333344a"]
}
