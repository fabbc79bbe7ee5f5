"""The policy engine: three answers, criteria as inert data, their evaluation with a full trace. No FHIR, no I/O."""
