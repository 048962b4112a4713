"""The model ``text-multilingual`` for mien, which finds it by the entry point of this package."""
