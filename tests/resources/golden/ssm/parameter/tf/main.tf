resource "aws_ssm_parameter" "flags" {
  name            = "/shop/flags"
  type            = "StringList"
  value           = "fast,dark"
  description     = "what is on"
  allowed_pattern = "[a-z,]*"
  tier            = "Advanced"
  data_type       = "text"
}
