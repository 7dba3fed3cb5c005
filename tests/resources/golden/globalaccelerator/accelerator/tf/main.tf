resource "aws_globalaccelerator_accelerator" "main" {
  name = "cuggu"

  attributes {
    flow_logs_enabled   = true
    flow_logs_s3_bucket = "cuggu-logs"
    flow_logs_s3_prefix = "edge"
  }
  tags = { app = "cuggu" }
}
