resource "aws_globalaccelerator_endpoint_group" "main" {
  listener_arn          = "arn:aws:globalaccelerator::111122223333:accelerator/1234abcd-abcd-1234-abcd-1234abcdefgh/listener/0123vxyz"
  endpoint_group_region = "ap-northeast-2"

  endpoint_configuration {
    endpoint_id                    = "i-0123456789abcdef0"
    weight                         = 128
    client_ip_preservation_enabled = true
  }

  port_override {
    listener_port = 443
    endpoint_port = 8080
  }
}
