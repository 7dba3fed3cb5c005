resource "aws_vpc_endpoint" "secrets" {
  vpc_id              = "vpc-0123456789abcdef0"
  service_name        = "com.amazonaws.ap-northeast-2.secretsmanager"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = ["subnet-0c11112222333344c", "subnet-0a11112222333344a"]
  security_group_ids  = ["sg-0aaa1111222233334"]
  private_dns_enabled = true
  tags                = { app = "cuggu" }

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ours"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "secretsmanager:GetSecretValue"
      Resource  = "*"
    }]
  })
}
