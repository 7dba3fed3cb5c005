"""Amazon SageMaker."""
