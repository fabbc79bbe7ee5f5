"""A policy held against a whole population: a FHIR Bulk Data export in, one determination for each patient out."""
