resource "aws_eks_access_entry" "operator" {
  cluster_name      = "pods"
  principal_arn     = "arn:aws:iam::111122223333:role/operator"
  kubernetes_groups = ["operators", "viewers"]
  user_name         = "operator"

  tags = {
    team = "platform"
  }
}

resource "aws_eks_access_policy_association" "admin" {
  cluster_name  = aws_eks_access_entry.operator.cluster_name
  principal_arn = aws_eks_access_entry.operator.principal_arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy"

  access_scope {
    type       = "namespace"
    namespaces = ["dev", "stage"]
  }
}

resource "aws_eks_access_policy_association" "view" {
  cluster_name  = "pods"
  principal_arn = "arn:aws:iam::111122223333:role/operator"
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"

  access_scope {
    type = "cluster"
  }
}
