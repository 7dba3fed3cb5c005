"""Amazon CloudFront: distributions and what they are put together from."""
