"""The habits of neighbours: what users of other libraries expect to call."""
