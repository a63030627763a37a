"""The HTTP endpoint that takes articles, and says so only once Kafka has them."""

from producers.endpoint.app import ARTICLES_PATH, build_app
from producers.endpoint.delivery import Delivery
from producers.endpoint.options import ANY_SOURCE, EndpointOptions, Token
from producers.endpoint.server import serve

__all__ = ["ANY_SOURCE", "ARTICLES_PATH", "Delivery", "EndpointOptions", "Token", "build_app", "serve"]
