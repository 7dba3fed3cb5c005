resource "aws_internet_gateway" "main" {
  vpc_id = "vpc-0123456789abcdef0"
  tags   = { app = "cuggu" }
}
