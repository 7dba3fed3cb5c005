resource "aws_eks_cluster" "prod" {
  name     = "prod"
  version  = "1.31"
  role_arn = "arn:aws:iam::111122223333:role/eks-prod"

  vpc_config {
    subnet_ids              = ["subnet-0c11112222333344c", "subnet-0a11112222333344a"]
    security_group_ids      = ["sg-0aaa1111222233334"]
    endpoint_private_access = true
    public_access_cidrs     = ["203.0.113.0/24"]
  }
}
