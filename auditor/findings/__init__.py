"""What it means: findings as records, and what is new, still there and mended since the runs before."""
