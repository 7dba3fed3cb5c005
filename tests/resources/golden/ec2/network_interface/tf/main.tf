resource "aws_network_interface" "bastion" {
  subnet_id         = "subnet-0a11112222333344a"
  description       = "the bastion's"
  security_groups   = ["sg-0bbb1111222233334", "sg-0aaa1111222233334"]
  private_ips       = ["10.0.1.20"]
  source_dest_check = false
  tags              = { app = "cuggu" }
}
