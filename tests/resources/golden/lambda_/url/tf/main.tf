resource "aws_lambda_function_url" "server" {
  function_name      = "arn:aws:lambda:ap-northeast-2:111122223333:function:cuggu-prod-server"
  qualifier          = "live"
  authorization_type = "AWS_IAM"
  invoke_mode        = "RESPONSE_STREAM"

  cors {
    allow_credentials = true
    allow_headers     = ["x-cuggu", "content-type"]
    allow_methods     = ["POST", "GET"]
    allow_origins     = ["https://www.cuggu.com"]
    expose_headers    = ["date"]
    max_age           = 600
  }
}
