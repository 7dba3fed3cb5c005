resource "aws_cloudfront_origin_access_control" "images" {
  name                              = "cuggu-images"
  description                       = "Signs requests to the images"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}
