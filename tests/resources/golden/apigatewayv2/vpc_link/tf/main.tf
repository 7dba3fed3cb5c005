resource "aws_apigatewayv2_vpc_link" "inner" {
  name               = "inner"
  subnet_ids         = ["subnet-0c11112222333344c", "subnet-0a11112222333344a"]
  security_group_ids = ["sg-0aaa1111222233334"]
}
