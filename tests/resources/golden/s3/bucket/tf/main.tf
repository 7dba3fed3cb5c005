resource "aws_s3_bucket" "images" {
  bucket = "cuggu-images"
  tags   = { app = "cuggu" }
}

resource "aws_s3_bucket_public_access_block" "images" {
  bucket                  = aws_s3_bucket.images.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "images" {
  bucket = aws_s3_bucket.images.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "arn:aws:kms:ap-northeast-2:111122223333:key/0d1e2f30-0000-4000-8000-000000000001"
    }
  }
}

resource "aws_s3_bucket_versioning" "images" {
  bucket = aws_s3_bucket.images.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_logging" "images" {
  bucket        = aws_s3_bucket.images.id
  target_bucket = "cuggu-logs"
  target_prefix = "s3/images/"
}

resource "aws_s3_bucket_ownership_controls" "images" {
  bucket = aws_s3_bucket.images.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "images" {
  bucket                                 = aws_s3_bucket.images.id
  transition_default_minimum_object_size = "all_storage_classes_128K"

  rule {
    id     = "uploads"
    status = "Enabled"

    filter {
      and {
        prefix                   = "tmp/"
        object_size_greater_than = 1024
        tags                     = { kind = "upload" }
      }
    }

    expiration {
      days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  rule {
    id     = "old"
    status = "Enabled"

    filter {
      prefix = "public/"
    }

    transition {
      days          = 90
      storage_class = "STANDARD_IA"
    }

    noncurrent_version_transition {
      noncurrent_days = 30
      storage_class   = "GLACIER"
    }

    noncurrent_version_expiration {
      noncurrent_days = 365
    }
  }
}

resource "aws_s3_bucket_website_configuration" "images" {
  bucket = aws_s3_bucket.images.id

  index_document {
    suffix = "index.html"
  }

  error_document {
    key = "404.html"
  }

  routing_rule {
    condition {
      key_prefix_equals = "old/"
    }

    redirect {
      replace_key_prefix_with = "public/"
    }
  }
}

resource "aws_s3_bucket_notification" "images" {
  bucket      = aws_s3_bucket.images.id
  eventbridge = true

  lambda_function {
    id                  = "resize"
    lambda_function_arn = "arn:aws:lambda:ap-northeast-2:111122223333:function:cuggu-resize"
    events              = ["s3:ObjectRemoved:*", "s3:ObjectCreated:*"]
    filter_prefix       = "raw/"
    filter_suffix       = ".jpg"
  }
}

resource "aws_s3_bucket_cors_configuration" "images" {
  bucket = aws_s3_bucket.images.id

  cors_rule {
    id              = "web"
    allowed_headers = ["*"]
    allowed_methods = ["GET", "PUT"]
    allowed_origins = ["https://cuggu.com"]
    expose_headers  = ["ETag"]
    max_age_seconds = 3600
  }
}
