resource "aws_iam_role" "server" {
  name                 = "cuggu-server"
  path                 = "/cuggu/"
  max_session_duration = 7200
  permissions_boundary = "arn:aws:iam::111122223333:policy/workloads"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "lambda.amazonaws.com" }
        Action    = "sts:AssumeRole"
      },
      {
        Sid       = "ci"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::111122223333:user/deploy" }
        Action    = "sts:AssumeRole"
        Condition = { Bool = { "aws:MultiFactorAuthPresent" = true } }
      },
    ]
  })

  tags = { app = "cuggu" }
}

resource "aws_iam_role_policy" "images" {
  name = "images"
  role = aws_iam_role.server.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = {
      Effect   = "Allow"
      Action   = ["s3:PutObject", "s3:GetObject"]
      Resource = "arn:aws:s3:::cuggu-images/*"
    }
  })
}

resource "aws_iam_role_policy_attachment" "server" {
  for_each = {
    vpc   = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    queue = "arn:aws:iam::111122223333:policy/cuggu-queue"
  }

  role       = aws_iam_role.server.name
  policy_arn = each.value
}
