resource "aws_account_alternate_contact" "security" {
  alternate_contact_type = "SECURITY"
  name                   = "Kim"
  title                  = "on duty"
  email_address          = "security@shop.example"
  phone_number           = "+82 2 0000 0000"
}
