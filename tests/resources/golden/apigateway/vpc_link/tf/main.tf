resource "aws_api_gateway_vpc_link" "inner" {
  name        = "inner"
  target_arns = ["arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:loadbalancer/net/inner/5d1b75f4f1cee11e"]
}
