resource "aws_api_gateway_resource" "orders" {
  rest_api_id = "a1b2c3d4e5"
  parent_id   = "x9y8z7w6v5"
  path_part   = "orders"
}
