"""What can go wrong, as three types; a wrong call stays a ValueError."""

import errno

# Errors of the system that say nothing about the file that was opened: too many open files or processes, no memory; and a full disk.
OF_THE_MACHINE = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class NoisefilterError(Exception):
    """Anything a user can cause and mend. The message is one line: what and where, what was expected, what to do."""

    exit_code = 65


class CorpusError(NoisefilterError):
    """Input that cannot be read as text."""


class PageError(CorpusError):
    """A page that the parser could not read to its end."""


class MissingInputError(CorpusError):
    """A path that does not exist."""

    exit_code = 66


class OutputError(NoisefilterError):
    """Output that cannot be written where it was asked for."""

    exit_code = 73


class ModelError(NoisefilterError):
    """A model folder that is damaged, of another format, or not a model."""


class ResourceError(NoisefilterError):
    """Memory, processes or open files ran out."""

    exit_code = 71
