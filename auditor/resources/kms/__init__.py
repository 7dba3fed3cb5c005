"""KMS: keys and the aliases that stand for them."""
