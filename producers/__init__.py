"""Where articles come in: files, folders, JSON Lines and standard input, through one Kafka writer."""
