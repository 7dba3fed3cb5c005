resource "aws_s3_bucket" "pass_1" {
  bucket = "example-pass-1"
}

resource "aws_s3_bucket_policy" "pass_1" {
  bucket = aws_s3_bucket.pass_1.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudfront.amazonaws.com" }
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::example-pass-1/*"
      Condition = {
        StringEquals = { "aws:SourceArn" = "arn:aws:cloudfront::111122223333:distribution/E1EXAMPLE" }
      }
    }]
  })
}

resource "aws_s3_bucket" "pass_2" {
  bucket = "example-pass-2"
}

resource "aws_s3_bucket_policy" "pass_2" {
  bucket = aws_s3_bucket.pass_2.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::example-pass-2", "arn:aws:s3:::example-pass-2/*"]
      Condition = { Bool = {
        "aws:SecureTransport" = "false"
      } }
    }]
  })
}

resource "aws_s3_bucket" "pass_3" {
  bucket = "example-pass-3"
}

resource "aws_s3_bucket_policy" "pass_3" {
  bucket = aws_s3_bucket.pass_3.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::example-pass-3/*"
      Condition = { StringEquals = {
        "aws:PrincipalOrgID" = "o-exampleorg"
      } }
    }]
  })
}

# S3 lets nobody put such a policy before the bucket is opened to it.
resource "aws_s3_bucket" "fail_1" {
  bucket = "example-fail-1"
}

resource "aws_s3_bucket_public_access_block" "fail_1" {
  bucket              = aws_s3_bucket.fail_1.id
  block_public_policy = false
}

resource "aws_s3_bucket_policy" "fail_1" {
  bucket = aws_s3_bucket_public_access_block.fail_1.bucket
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::example-fail-1/*"
    }]
  })
}

resource "aws_s3_bucket" "fail_2" {
  bucket = "example-fail-2"
}

resource "aws_s3_bucket_public_access_block" "fail_2" {
  bucket              = aws_s3_bucket.fail_2.id
  block_public_policy = false
}

resource "aws_s3_bucket_policy" "fail_2" {
  bucket = aws_s3_bucket_public_access_block.fail_2.bucket
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::111122223333:role/app" }
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::example-fail-2/*"
      },
      {
        Effect    = "Allow"
        Principal = { AWS = ["*"] }
        Action    = "s3:List*"
        Resource  = "arn:aws:s3:::example-fail-2"
      },
    ]
  })
}

resource "aws_s3_bucket" "fail_3" {
  bucket = "example-fail-3"
}

resource "aws_s3_bucket_public_access_block" "fail_3" {
  bucket              = aws_s3_bucket.fail_3.id
  block_public_policy = false
}

resource "aws_s3_bucket_policy" "fail_3" {
  bucket = aws_s3_bucket_public_access_block.fail_3.bucket
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::example-fail-3/*"
      Condition = { Bool = {
        "aws:SecureTransport" = "true"
      } }
    }]
  })
}

resource "aws_s3_bucket" "fail_4" {
  bucket = "example-fail-4"
}

resource "aws_s3_bucket_public_access_block" "fail_4" {
  bucket              = aws_s3_bucket.fail_4.id
  block_public_policy = false
}

resource "aws_s3_bucket_policy" "fail_4" {
  bucket = aws_s3_bucket_public_access_block.fail_4.bucket
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::example-fail-4/*"
      Condition = { IpAddress = {
        "aws:SourceIp" = "0.0.0.0/0"
      } }
    }]
  })
}

resource "aws_s3_bucket" "pass_4" {
  bucket = "example-pass-4"
}

resource "aws_s3_bucket_public_access_block" "pass_4" {
  bucket              = aws_s3_bucket.pass_4.id
  block_public_policy = false
}

resource "aws_s3_bucket_policy" "pass_4" {
  bucket = aws_s3_bucket_public_access_block.pass_4.bucket
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:PutObject"
      Resource  = "arn:aws:s3:::example-pass-4/*"
      Condition = { ArnEquals = {
        "aws:SourceArn" = "arn:aws:s3:::inventory"
      } }
    }]
  })
}

resource "aws_s3_bucket" "fail_5" {
  bucket = "example-fail-5"
}

resource "aws_s3_bucket_public_access_block" "fail_5" {
  bucket              = aws_s3_bucket.fail_5.id
  block_public_policy = false
}

resource "aws_s3_bucket_policy" "fail_5" {
  bucket = aws_s3_bucket_public_access_block.fail_5.bucket
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::example-fail-5/*"
      Condition = { StringEquals = {
        "aws:username" = "auditor"
      } }
    }]
  })
}
