"""Pure functions from truth and estimate to a number, each with its definition and where it was published."""
