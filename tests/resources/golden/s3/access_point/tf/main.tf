resource "aws_s3_access_point" "reports" {
  name   = "reports"
  bucket = "shop-reports"

  vpc_configuration {
    vpc_id = "vpc-0123456789abcdef0"
  }

  public_access_block_configuration {
    block_public_policy = false
  }

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reports" }
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:ap-northeast-2:111122223333:accesspoint/reports/object/*"
    }]
  })
}
