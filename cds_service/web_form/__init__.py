"""The web form: what a clinician answers where the EHR has no DTR. One link for one case, good for hours."""
