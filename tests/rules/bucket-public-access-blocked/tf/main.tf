resource "aws_s3_bucket" "pass_1" {
  bucket = "example-pass-1"
}

resource "aws_s3_bucket_public_access_block" "pass_1" {
  bucket                  = aws_s3_bucket.pass_1.id
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket" "fail_1" {
  bucket = "example-plain-fail-1"
}

resource "aws_s3_bucket" "fail_2" {
  bucket = "example-fail-2"
}

resource "aws_s3_bucket_public_access_block" "fail_2" {
  bucket                  = aws_s3_bucket.fail_2.id
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = false
  restrict_public_buckets = false
}

resource "aws_s3_bucket" "fail_3" {
  bucket = "example-fail-3"
}

resource "aws_s3_bucket_public_access_block" "fail_3" {
  bucket              = aws_s3_bucket.fail_3.id
  block_public_acls   = true
  ignore_public_acls  = true
  block_public_policy = true
}
