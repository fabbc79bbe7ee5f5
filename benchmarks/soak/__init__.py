"""Hours of a service's life in minutes: constant load, too much load, and an end in the middle of calls."""
