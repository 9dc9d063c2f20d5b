"""What can go wrong, as three types; a wrong call stays a ValueError."""


class NoisefilterError(Exception):
    """Anything a user can cause and mend. The message is one line: what and where, what was expected, what to do."""

    exit_code = 65


class CorpusError(NoisefilterError):
    """Input that cannot be read as text."""


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
