"""The documentation form (Da Vinci DTR): its questions, what is still open of them for a case, what is asked next."""
