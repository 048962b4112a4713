"""Signal processing on arrays: log-mel, pitch, level, boxes. Pure functions."""
