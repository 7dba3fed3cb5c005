resource "aws_eip" "main" {
  domain                    = "vpc"
  network_border_group      = "ap-northeast-2"
  network_interface         = "eni-0123456789abcdef0"
  associate_with_private_ip = "10.0.1.20"
  tags                      = { app = "cuggu" }
}
