resource "aws_lambda_permission" "images" {
  statement_id   = "images"
  function_name  = "cuggu-prod-server"
  action         = "lambda:InvokeFunction"
  principal      = "s3.amazonaws.com"
  source_arn     = "arn:aws:s3:::cuggu-images"
  source_account = "111122223333"
}
