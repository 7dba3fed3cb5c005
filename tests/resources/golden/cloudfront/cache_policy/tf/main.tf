resource "aws_cloudfront_cache_policy" "pages" {
  name        = "cuggu-pages"
  comment     = "Pages by language"
  default_ttl = 300
  max_ttl     = 3600
  min_ttl     = 1

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_gzip   = true
    enable_accept_encoding_brotli = true

    headers_config {
      header_behavior = "whitelist"

      headers {
        items = ["Origin", "Accept-Language"]
      }
    }

    cookies_config {
      cookie_behavior = "whitelist"

      cookies {
        items = ["lang"]
      }
    }

    query_strings_config {
      query_string_behavior = "none"
    }
  }
}
