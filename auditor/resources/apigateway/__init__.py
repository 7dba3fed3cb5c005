"""API Gateway's REST APIs."""
