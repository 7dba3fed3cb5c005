resource "aws_dynamodb_table" "orders" {
  name                        = "orders"
  hash_key                    = "customer"
  range_key                   = "placed"
  read_capacity               = 5
  write_capacity              = 2
  table_class                 = "STANDARD_INFREQUENT_ACCESS"
  deletion_protection_enabled = true
  stream_enabled              = true
  stream_view_type            = "NEW_IMAGE"

  attribute {
    name = "customer"
    type = "S"
  }

  attribute {
    name = "placed"
    type = "N"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = "arn:aws:kms:ap-northeast-2:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
  }

  point_in_time_recovery {
    enabled = true
  }

  ttl {
    attribute_name = "gone"
    enabled        = true
  }

  tags = {
    team = "orders"
  }
}

resource "aws_dynamodb_resource_policy" "orders" {
  resource_arn = aws_dynamodb_table.orders.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/reports" }
      Action    = "dynamodb:Query"
      Resource  = "arn:aws:dynamodb:ap-northeast-2:111122223333:table/orders"
    }]
  })
}
