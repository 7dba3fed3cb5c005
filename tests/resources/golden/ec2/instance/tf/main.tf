resource "aws_instance" "bastion" {
  ami                     = "ami-0123456789abcdef0"
  instance_type           = "t4g.small"
  key_name                = "cuggu"
  subnet_id               = "subnet-0a11112222333344a"
  availability_zone       = "ap-northeast-2a"
  vpc_security_group_ids  = ["sg-0bbb1111222233334", "sg-0aaa1111222233334"]
  iam_instance_profile    = "cuggu-bastion"
  private_ip              = "10.0.1.20"
  source_dest_check       = false
  disable_api_termination = true
  monitoring              = true
  ebs_optimized           = true
  tenancy                 = "default"
  tags                    = { app = "cuggu" }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
    instance_metadata_tags      = "enabled"
  }

  root_block_device {
    encrypted             = true
    kms_key_id            = "arn:aws:kms:ap-northeast-2:111122223333:key/0d1e2f30-0000-4000-8000-000000000001"
    volume_size           = 20
    volume_type           = "gp3"
    iops                  = 3000
    delete_on_termination = true
  }

  ebs_block_device {
    device_name           = "/dev/sdf"
    encrypted             = true
    kms_key_id            = "arn:aws:kms:ap-northeast-2:111122223333:key/0d1e2f30-0000-4000-8000-000000000001"
    snapshot_id           = "snap-0123456789abcdef1"
    volume_size           = 100
    volume_type           = "gp3"
    iops                  = 4000
    delete_on_termination = false
  }
}
