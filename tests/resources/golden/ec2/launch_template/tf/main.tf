resource "aws_launch_template" "web" {
  name          = "web"
  image_id      = "ami-0c9c942bd7bf113a2"
  instance_type = "t4g.medium"
  key_name      = "ops"
  ebs_optimized = true
  user_data     = "ZWNobyBoaQ=="
  iam_instance_profile {
    name = "web"
  }
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      encrypted             = true
      delete_on_termination = true
      kms_key_id            = "arn:aws:kms:ap-northeast-2:111122223333:key/1111"
      volume_size           = 20
      volume_type           = "gp3"
    }
  }
  network_interfaces {
    associate_public_ip_address = false
    device_index                = 0
    security_groups             = ["sg-0123456789abcdef0"]
  }
  monitoring {
    enabled = true
  }
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
    http_endpoint               = "enabled"
  }
}
