"""The web form: what a clinician answers where the EHR has no DTR, one link for one case."""
