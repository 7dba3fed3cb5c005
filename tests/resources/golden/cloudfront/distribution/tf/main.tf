resource "aws_cloudfront_distribution" "main" {
  aliases             = ["www.cuggu.com", "cuggu.com"]
  default_root_object = "index.html"
  comment             = "The site and its images"
  enabled             = true
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  price_class         = "PriceClass_200"
  staging             = false
  web_acl_id          = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/cuggu/a1b2c3d4-5678-90ab-cdef-111122223333"

  origin {
    origin_id                = "images"
    domain_name              = "cuggu-images.s3.ap-northeast-2.amazonaws.com"
    origin_path              = "/public"
    origin_access_control_id = "E3ABCDEFGHIJKL"

    origin_shield {
      enabled              = true
      origin_shield_region = "ap-northeast-2"
    }
  }

  origin {
    origin_id           = "web"
    domain_name         = "abcdefghijklmnop.lambda-url.ap-northeast-2.on.aws"
    connection_attempts = 2
    connection_timeout  = 5

    custom_header {
      name  = "x-origin"
      value = "cuggu-edge"
    }

    custom_origin_config {
      http_port                = 80
      https_port               = 443
      origin_protocol_policy   = "https-only"
      origin_ssl_protocols     = ["TLSv1.2"]
      origin_read_timeout      = 60
      origin_keepalive_timeout = 5
    }
  }

  default_cache_behavior {
    target_origin_id           = "web"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    origin_request_policy_id   = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    response_headers_policy_id = "67f7725c-6f97-4210-82d7-5512b31e9d03"

    function_association {
      event_type   = "viewer-request"
      function_arn = "arn:aws:cloudfront::111122223333:function/cuggu-middleware"
    }

    lambda_function_association {
      event_type = "origin-request"
      lambda_arn = "arn:aws:lambda:us-east-1:111122223333:function:cuggu-edge:3"
    }
  }

  ordered_cache_behavior {
    path_pattern           = "/images/*"
    target_origin_id       = "images"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    compress               = true
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
    trusted_key_groups     = ["9a8b7c6d-1111-2222-3333-444455556666"]
  }

  custom_error_response {
    error_code            = 404
    response_code         = 404
    response_page_path    = "/404.html"
    error_caching_min_ttl = 10
  }

  logging_config {
    bucket = "cuggu-logs.s3.amazonaws.com"
    prefix = "cdn/"
  }

  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }

  restrictions {
    geo_restriction {
      restriction_type = "whitelist"
      locations        = ["KR", "JP"]
    }
  }

  tags = { app = "cuggu" }
}
