"""Training of the networks that hear emotions in a voice."""
