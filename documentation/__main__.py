"""Write the generated reference anew: `python -m documentation`. A test fails when it is out of date."""

from documentation.reference import write_reference

write_reference()
