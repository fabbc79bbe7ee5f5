"""Medical policy 151, Liver Tumor Treatment: one module per effective date, codes apart from criteria."""
