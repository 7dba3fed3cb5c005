resource "aws_ec2_managed_prefix_list" "offices" {
  name           = "offices"
  address_family = "IPv4"
  max_entries    = 5
  tags           = { app = "cuggu" }

  entry {
    cidr        = "203.0.113.0/24"
    description = "Seoul"
  }

  entry {
    cidr = "198.51.100.0/24"
  }
}
