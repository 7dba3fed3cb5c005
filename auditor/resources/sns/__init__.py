"""SNS topics and who listens to them."""
