resource "aws_eks_cluster" "prod" {
  name                      = "prod"
  version                   = "1.33"
  role_arn                  = "arn:aws:iam::111122223333:role/prod-cluster"
  enabled_cluster_log_types = ["api", "audit"]

  vpc_config {
    subnet_ids              = ["subnet-0a11112222333344a", "subnet-0c11112222333344c"]
    security_group_ids      = ["sg-0bbb1111222233334"]
    endpoint_private_access = true
    public_access_cidrs     = ["203.0.113.0/24", "198.51.100.7/32"]
  }

  access_config {
    authentication_mode = "API"
  }

  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = "arn:aws:kms:ap-northeast-2:111122223333:key/0d1e2f30-0000-4000-8000-000000000001"
    }
  }

  tags = { app = "shop" }
}
