"""The policies the service holds, one folder each."""
