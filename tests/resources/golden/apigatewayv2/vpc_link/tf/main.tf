resource "aws_apigatewayv2_vpc_link" "inner" {
  name               = "inner"
  subnet_ids         = ["subnet-0a11112222333344a", "subnet-0c11112222333344c"]
  security_group_ids = ["sg-0aaa1111222233334"]

  tags = { app = "shop" }
}
