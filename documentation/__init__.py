"""Writes the generated parts of docs/: commands, the HTTP API, the picture of the console."""
