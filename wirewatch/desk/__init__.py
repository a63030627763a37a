"""The desk: the search API over HTTP, the live stream, and the page."""
