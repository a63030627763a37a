"""Writes articles, sanctions mentions and designations into Elasticsearch, each once."""
