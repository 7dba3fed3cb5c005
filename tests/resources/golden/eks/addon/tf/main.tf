resource "aws_eks_addon" "efs" {
  cluster_name             = "pods"
  addon_name               = "aws-efs-csi-driver"
  addon_version            = "v2.1.0-eksbuild.1"
  service_account_role_arn = "arn:aws:iam::111122223333:role/nodes"
}
