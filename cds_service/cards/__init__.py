"""The cards of an answer, one module for each type (CRD 2.2.1, response types)."""
