"""What travels through Wirewatch: records, topics, and how both are written on the wire."""
