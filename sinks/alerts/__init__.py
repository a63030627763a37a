"""Raises alerts: rules stored in the percolator, matched on what arrives, sent once to each channel."""
