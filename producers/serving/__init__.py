"""What every HTTP server of ours needs: uvicorn with the limits it lacks, and requests counted out."""

from producers.serving.buckets import Buckets
from producers.serving.hosts import is_loopback
from producers.serving.server import Manners, listener, patient, serve

__all__ = ["Buckets", "Manners", "is_loopback", "listener", "patient", "serve"]
