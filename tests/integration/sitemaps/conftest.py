"""What the tests of pages have: the local site, real Kafka, and `wirewatch` as a process of its own."""

from tests.integration.pages.conftest import articles, cluster, environment, run, site

__all__ = ["articles", "cluster", "environment", "run", "site"]
