resource "aws_securityhub_account" "here" {
  enable_default_standards  = false
  auto_enable_controls      = false
  control_finding_generator = "STANDARD_CONTROL"
}
