"""The model ``text-research`` for mien, which finds it by the entry point of this package."""
