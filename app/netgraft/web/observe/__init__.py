"""What a running server says of itself: request ids, logs, metrics, whether it is well, how it stops."""
