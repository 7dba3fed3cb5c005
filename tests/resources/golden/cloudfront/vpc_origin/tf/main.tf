resource "aws_cloudfront_vpc_origin" "web" {
  vpc_origin_endpoint_config {
    name                   = "cuggu-web"
    arn                    = "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:loadbalancer/app/cuggu/50dc6c495c0c9188"
    http_port              = 80
    https_port             = 443
    origin_protocol_policy = "https-only"

    origin_ssl_protocols {
      items    = ["TLSv1.2"]
      quantity = 1
    }
  }
}
