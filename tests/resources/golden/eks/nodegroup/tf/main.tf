resource "aws_eks_node_group" "system" {
  cluster_name    = "pods"
  node_group_name = "system"
  node_role_arn   = "arn:aws:iam::111122223333:role/nodes"
  subnet_ids      = ["subnet-0a11112222333344a", "subnet-0c11112222333344c"]
  instance_types  = ["t4g.medium"]
  capacity_type   = "ON_DEMAND"
  ami_type        = "AL2023_ARM_64_STANDARD"
  disk_size       = 20
  version         = "1.31"
  labels          = { node-type = "system" }
  scaling_config {
    min_size     = 2
    max_size     = 5
    desired_size = 2
  }
}
