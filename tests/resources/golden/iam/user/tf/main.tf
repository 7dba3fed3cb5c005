resource "aws_iam_user" "deploy" {
  name                 = "deploy"
  path                 = "/ci/"
  permissions_boundary = "arn:aws:iam::111122223333:policy/people"

  tags = { team = "platform" }
}

resource "aws_iam_user_policy" "registry" {
  name = "registry"
  user = aws_iam_user.deploy.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "ecr:GetAuthorizationToken", Resource = "*" }]
  })
}

resource "aws_iam_user_policy_attachment" "deployer" {
  user       = aws_iam_user.deploy.name
  policy_arn = "arn:aws:iam::111122223333:policy/deployer"
}

resource "aws_iam_user_group_membership" "deploy" {
  user   = aws_iam_user.deploy.name
  groups = ["ci"]
}

resource "aws_iam_group_membership" "auditors" {
  name  = "auditors"
  group = "auditors"
  users = [aws_iam_user.deploy.name]
}
