resource "aws_eks_pod_identity_association" "orders" {
  cluster_name    = "pods"
  namespace       = "shop"
  service_account = "orders"
  role_arn        = "arn:aws:iam::111122223333:role/orders"
}
