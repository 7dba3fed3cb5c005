"""Groups of instances that scale."""
