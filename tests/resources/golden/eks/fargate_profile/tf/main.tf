resource "aws_eks_fargate_profile" "system" {
  cluster_name           = "pods"
  fargate_profile_name   = "system"
  pod_execution_role_arn = "arn:aws:iam::111122223333:role/pods-on-fargate"
  subnet_ids             = ["subnet-0a11112222333344a", "subnet-0c11112222333344c"]

  selector {
    namespace = "kube-system"
    labels = {
      app  = "dns"
      tier = "core"
    }
  }

  selector {
    namespace = "batch"
  }
}
