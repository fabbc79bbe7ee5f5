"""What running the service takes beside answering calls: logs, request ids, metrics, health, headers."""
