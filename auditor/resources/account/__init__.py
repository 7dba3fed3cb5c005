"""What AWS knows of an account itself."""
