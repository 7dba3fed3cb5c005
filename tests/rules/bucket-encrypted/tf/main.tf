resource "aws_s3_bucket" "pass_1" {
  bucket = "example-plain-pass-1"
}

resource "aws_s3_bucket" "pass_2" {
  bucket = "example-pass-2"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "pass_2" {
  bucket = aws_s3_bucket.pass_2.id

  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "alias/example"
    }
  }
}

resource "aws_s3_bucket" "pass_3" {
  bucket = "example-pass-3"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "pass_3" {
  bucket = aws_s3_bucket.pass_3.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

resource "aws_s3_bucket" "fail_2" {
  bucket = "example-fail-2"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "fail_2" {
  bucket = aws_s3_bucket.fail_2.id

  rule {
    bucket_key_enabled = true
  }
}
