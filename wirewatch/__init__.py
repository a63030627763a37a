"""What ties producers, processors and sinks together: command line, settings, logs, local services."""
