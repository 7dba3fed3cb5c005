resource "aws_kms_external_key" "pass_3" {
  description = "material that was brought along"
}

resource "aws_kms_key" "fail_3" {
  is_enabled          = false
  enable_key_rotation = false
}
