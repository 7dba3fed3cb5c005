"""Web application firewalls."""
