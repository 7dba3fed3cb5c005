"""Amazon S3: buckets, their policies and the account's own block on public access."""
