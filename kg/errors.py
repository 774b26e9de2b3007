"""Every error that fangzhi raises on purpose: one leaf for each party at fault.

The text of an error is shown to the user as it is: it names the file and the place and says what to do.
"""


class KgError(Exception):
    """Root of all errors raised on purpose; the command line prints it as one line and exits with `exit_code`."""

    exit_code = 2


class PageError(KgError):
    """A page that cannot be read at all (missing, binary, undecodable)."""


class LexiconError(KgError):
    """A row of the lexicon is wrong; the message starts with file:line."""


class OntologyError(KgError):
    """A term outside the ontology, or an ontology file that cannot be read."""


class RulingError(KgError):
    """A row in a file of human rulings is wrong; the message starts with file:line."""


class OutputError(KgError):
    """The output folder cannot be written, or holds no build."""


class QueryError(KgError):
    """A SPARQL query is malformed, misses a parameter, or names no ready question."""


class MissingExtraError(KgError):
    """A command needs an optional package: the message says which extra to install."""


class PushError(KgError):
    """A remote store cannot be reached, refuses the credentials, or refuses what is sent."""


class WeightsError(KgError):
    """Weights of the network are missing or do not fit the program."""
