resource "aws_lambda_layer_version" "sharp" {
  layer_name               = "sharp"
  description              = "image tools"
  s3_bucket                = "cuggu-artifacts"
  s3_key                   = "sharp.zip"
  compatible_runtimes      = ["nodejs22.x", "nodejs20.x"]
  compatible_architectures = ["arm64"]
  license_info             = "Apache-2.0"
}
