"""Classic load balancers."""
