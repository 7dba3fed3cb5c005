resource "aws_iam_group" "ci" {
  name = "ci"
  path = "/ci/"
}

resource "aws_iam_group_policy" "registry" {
  name  = "registry"
  group = aws_iam_group.ci.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "ecr:GetAuthorizationToken", Resource = "*" }]
  })
}

resource "aws_iam_group_policy_attachment" "deployer" {
  group      = aws_iam_group.ci.name
  policy_arn = "arn:aws:iam::111122223333:policy/deployer"
}
