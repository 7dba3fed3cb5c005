resource "aws_iam_instance_profile" "bastion" {
  name = "bastion"
  path = "/cuggu/"
  role = "cuggu-bastion"
}
