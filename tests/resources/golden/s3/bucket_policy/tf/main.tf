resource "aws_s3_bucket_policy" "images" {
  bucket = "cuggu-images"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Cdn"
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = "s3:GetObject"
        Resource  = "arn:aws:s3:::cuggu-images/*"
        Condition = {
          StringEquals = { "AWS:SourceArn" = "arn:aws:cloudfront::111122223333:distribution/E1ABCDEFGHIJKL" }
        }
      },
      {
        Sid       = "Tls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::cuggu-images", "arn:aws:s3:::cuggu-images/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}
