"""What can go wrong when services are started on this machine. Each message says how to mend it."""


class LocalServiceError(Exception):
    """A local service can't be had. The message is for the person at the keyboard."""


class JavaNotFoundError(LocalServiceError):
    """No Java runtime of the wanted version."""


class JarsUnavailableError(LocalServiceError):
    """Jars could not be fetched, or are not the ones the lock file names."""


class ServiceFailedError(LocalServiceError):
    """A service ended before it was ready, or was not ready in time."""


class FolderHeldError(LocalServiceError):
    """Another process runs its services in the same data folder."""
