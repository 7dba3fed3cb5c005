resource "aws_acm_certificate" "main" {
  domain_name               = "cuggu.com"
  subject_alternative_names = ["api.cuggu.com", "*.cuggu.com"]
  validation_method         = "DNS"
  key_algorithm             = "EC_prime256v1"

  options {
    certificate_transparency_logging_preference = "ENABLED"
  }

  tags = { app = "cuggu" }
}

resource "aws_acm_certificate_validation" "main" {
  certificate_arn = aws_acm_certificate.main.arn
}
