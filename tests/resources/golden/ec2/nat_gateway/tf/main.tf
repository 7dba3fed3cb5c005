resource "aws_nat_gateway" "main" {
  subnet_id                = "subnet-0a11112222333344a"
  connectivity_type        = "public"
  allocation_id            = "eipalloc-0aaaaaaaaaaaaaaa1"
  private_ip               = "10.0.1.8"
  secondary_allocation_ids = ["eipalloc-0aaaaaaaaaaaaaaa3", "eipalloc-0aaaaaaaaaaaaaaa2"]
  tags                     = { app = "cuggu" }
}
