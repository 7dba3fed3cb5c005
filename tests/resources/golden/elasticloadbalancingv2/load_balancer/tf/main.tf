resource "aws_lb" "main" {
  name               = "cuggu"
  load_balancer_type = "application"
  internal           = true
  ip_address_type    = "ipv4"
  security_groups    = ["sg-0ccc1111222233334"]
  subnets            = ["subnet-0c11112222333344c", "subnet-0a11112222333344a"]
  tags               = { app = "cuggu" }
}
