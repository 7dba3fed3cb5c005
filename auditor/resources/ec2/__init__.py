"""Networks and machines."""
