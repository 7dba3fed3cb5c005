resource "aws_customer_gateway" "office" {
  bgp_asn     = "65010"
  ip_address  = "203.0.113.12"
  type        = "ipsec.1"
  device_name = "office"
}
