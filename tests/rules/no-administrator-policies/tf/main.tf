resource "aws_iam_role" "pass_1" {
  name = "pass-1"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "pass_1" {
  name = "images"
  role = aws_iam_role.pass_1.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:*"
      Resource = "arn:aws:s3:::example/*"
    }]
  })
}

resource "aws_iam_policy" "pass_2" {
  name = "pass-2"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Deny"
      Action   = "*"
      Resource = "*"
    }]
  })
}

resource "aws_iam_user" "pass_3" {
  name = "pass-3"
}

resource "aws_iam_user_policy_attachment" "pass_3" {
  user       = aws_iam_user.pass_3.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_role" "fail_1" {
  name = "fail-1"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "fail_1" {
  role       = aws_iam_role.fail_1.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_policy" "fail_2" {
  name = "fail-2"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:GetObject", Resource = "*" },
      { Effect = "Allow", Action = ["logs:PutLogEvents", "*"], Resource = ["*"] },
    ]
  })
}

resource "aws_iam_user" "fail_3" {
  name = "fail-3"
}

resource "aws_iam_user_policy" "fail_3" {
  name = "all"
  user = aws_iam_user.fail_3.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = { Effect = "Allow", Action = "*:*", Resource = "*" }
  })
}
