"""Da Vinci CRD: what a payer states of an order's coverage, in the dialects of 2.0.1 and 2.2.1."""
