resource "aws_sagemaker_notebook_instance" "research" {
  name                   = "research"
  instance_type          = "ml.t3.medium"
  lifecycle_config_name  = "start"
  role_arn               = "arn:aws:iam::111122223333:role/research"
  subnet_id              = "subnet-0a1"
  security_groups        = ["sg-0a1"]
  kms_key_id             = "arn:aws:kms:ap-northeast-2:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
  direct_internet_access = "Disabled"
  root_access            = "Disabled"
  volume_size            = 20

  tags = { app = "research" }
}
