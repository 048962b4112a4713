"""A head of our own modelling, drawn in numpy: distance functions, maps of the face, rays and light."""
