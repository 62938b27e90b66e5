"""What the command line takes: the commands, their arguments, and the help for both.

Nothing is opened or imported here that a command needs, so that `--help` is instant.
"""

from archiver.arguments.commands import parser

__all__ = ["parser"]
