"""What every command may raise when the user, not the program, has to act."""


class UserError(Exception):
    """Something the user can put right; its text is one sentence saying what."""
