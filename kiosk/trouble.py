"""What a person can mend: the root of the errors that the command line says as a sentence.

It stands apart, so that a command catches the troubles of parts that it never loads: who writes
services has no printer and needs none of its modules.
"""


class Trouble(Exception):
    """Something is not as it should be; the words are a sentence that says what to do."""
