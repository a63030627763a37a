"""Kafka and Elasticsearch as child processes of ours, for a machine that has neither."""

from wirewatch.local.errors import (
    FolderHeldError,
    JarsUnavailableError,
    JavaNotFoundError,
    LocalServiceError,
    ServiceFailedError,
)
from wirewatch.local.progress import ConsoleProgress, Progress
from wirewatch.local.services import Endpoints, LocalServices, resolve_endpoints, running_services

__all__ = [
    "ConsoleProgress",
    "Endpoints",
    "FolderHeldError",
    "JarsUnavailableError",
    "JavaNotFoundError",
    "LocalServiceError",
    "LocalServices",
    "Progress",
    "ServiceFailedError",
    "resolve_endpoints",
    "running_services",
]
