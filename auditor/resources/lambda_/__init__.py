"""Functions, their URLs, permissions and layers."""
