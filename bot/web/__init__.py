"""What is reached over HTTP: hooks, the staff's API, health and metrics."""
