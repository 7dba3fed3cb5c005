resource "aws_apigatewayv2_api" "shop" {
  name                         = "shop"
  protocol_type                = "HTTP"
  ip_address_type              = "dualstack"
  disable_execute_api_endpoint = true

  cors_configuration {
    allow_headers = ["content-type", "authorization"]
    allow_methods = ["GET", "POST"]
    allow_origins = ["https://www.example.com"]
    max_age       = 600
  }

  tags = { app = "shop" }
}
