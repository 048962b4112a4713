"""The version of mien, below everything that writes it into a result."""

__all__ = ["__version__"]

__version__ = "0.1.0"
