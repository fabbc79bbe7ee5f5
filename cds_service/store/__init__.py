"""The record of answers: calls, cards, feedback, used tokens. SQLite by default, PostgreSQL by URL."""
