"""Where enriched records go: Elasticsearch, and alerts."""
