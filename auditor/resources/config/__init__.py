"""AWS Config: what is recorded of the configuration of resources."""
