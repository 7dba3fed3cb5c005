resource "aws_efs_mount_target" "a" {
  file_system_id  = "fs-0123456789abcdef0"
  subnet_id       = "subnet-0a11112222333344a"
  ip_address      = "10.0.11.9"
  security_groups = ["sg-0123456789abcdef0"]
}
