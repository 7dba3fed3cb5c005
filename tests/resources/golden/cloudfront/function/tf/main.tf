resource "aws_cloudfront_function" "middleware" {
  name                         = "cuggu-middleware"
  runtime                      = "cloudfront-js-2.0"
  comment                      = "Sends viewers to the canonical host"
  publish                      = true
  key_value_store_associations = ["arn:aws:cloudfront::111122223333:key-value-store/11112222-3333-4444-5555-666677778888"]
  code                         = "function handler(event) { return event.request; }"
}
