"""HTTP and WebSocket APIs."""
