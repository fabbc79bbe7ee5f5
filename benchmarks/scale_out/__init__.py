"""Several instances behind nginx on one PostgreSQL: the same answers, each on record once, and what each part costs."""
