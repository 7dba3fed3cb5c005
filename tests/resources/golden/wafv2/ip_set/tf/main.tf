resource "aws_wafv2_ip_set" "office" {
  name               = "office"
  description        = "who works here"
  scope              = "CLOUDFRONT"
  ip_address_version = "IPV4"
  addresses          = ["203.0.113.7/32", "198.51.100.0/24"]
}
