resource "aws_kms_key" "pass_1" {
  enable_key_rotation     = true
  rotation_period_in_days = 365
}

resource "aws_kms_key" "pass_2" {
  customer_master_key_spec = "ECC_NIST_P256"
  key_usage                = "SIGN_VERIFY"
}

resource "aws_kms_external_key" "pass_3" {
  description = "material that was brought along"
}

resource "aws_kms_key" "fail_1" {
  enable_key_rotation = false
}

resource "aws_kms_key" "fail_2" {
  description = "plain"
}

resource "aws_kms_key" "fail_3" {
  is_enabled          = false
  enable_key_rotation = false
}
