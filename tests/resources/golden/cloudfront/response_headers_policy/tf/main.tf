resource "aws_cloudfront_response_headers_policy" "secure" {
  name    = "cuggu-secure"
  comment = "Headers of the site"

  cors_config {
    access_control_allow_credentials = false
    access_control_max_age_sec       = 600
    origin_override                  = true

    access_control_allow_origins {
      items = ["https://www.cuggu.com", "https://cuggu.com"]
    }

    access_control_allow_headers {
      items = ["*"]
    }

    access_control_allow_methods {
      items = ["GET", "HEAD"]
    }

    access_control_expose_headers {
      items = ["ETag"]
    }
  }

  security_headers_config {
    xss_protection {
      override   = true
      protection = true
      mode_block = true
    }

    frame_options {
      override     = true
      frame_option = "DENY"
    }

    referrer_policy {
      override        = true
      referrer_policy = "same-origin"
    }

    content_security_policy {
      override                = true
      content_security_policy = "default-src 'self'"
    }

    content_type_options {
      override = true
    }

    strict_transport_security {
      override                   = true
      include_subdomains         = true
      preload                    = true
      access_control_max_age_sec = 63072000
    }
  }

  server_timing_headers_config {
    enabled       = true
    sampling_rate = 12.5
  }

  custom_headers_config {
    items {
      header   = "x-served-by"
      value    = "cuggu"
      override = false
    }
  }

  remove_headers_config {
    items {
      header = "server"
    }
  }
}
