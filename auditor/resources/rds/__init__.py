"""Amazon RDS: instances, proxies and their groups."""
