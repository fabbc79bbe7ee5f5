"""What can go wrong with the record of answers, one class for each thing a caller would do differently.

StoreError
|-- StoreUnavailable     the database cannot be used now: answer the clinician anyway, count it, go on
`-- WrongKey             a payload was sealed with a key that is not given: an operator adds the key
"""


class StoreError(Exception):
    """The record of answers failed; the message never holds what was to be kept."""


class StoreUnavailable(StoreError):
    """The database does not answer, is locked for too long, or does not have this version's tables."""


class WrongKey(StoreError):
    """None of the given keys opens a stored payload, or it was altered."""
