"""Small networks over tables: votes of listeners, and ratings of recordings of which only features are at hand."""
