"""The CRD metrics (CRD 2.2.1, metric-1): counted at each call, kept beside its sealed payload, exported on command."""
