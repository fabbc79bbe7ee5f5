"""What readers tell of a patient, whole: the values left, why, the resources that prove it, every note (rule 2)."""
