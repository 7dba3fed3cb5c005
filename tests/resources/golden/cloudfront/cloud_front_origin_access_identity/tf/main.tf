resource "aws_cloudfront_origin_access_identity" "old" {
  comment = "Reads the old bucket"
}
