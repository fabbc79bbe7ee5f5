"""Black-box conformance to CDS Hooks, row by row; `python -m tests.conformance.table` writes the table of it."""
