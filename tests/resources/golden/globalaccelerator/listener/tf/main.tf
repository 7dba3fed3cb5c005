resource "aws_globalaccelerator_listener" "main" {
  accelerator_arn = "arn:aws:globalaccelerator::111122223333:accelerator/1234abcd-abcd-1234-abcd-1234abcdefgh"
  protocol        = "TCP"

  port_range {
    from_port = 443
    to_port   = 443
  }
}
