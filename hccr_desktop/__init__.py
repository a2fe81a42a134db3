"""Handwriting recognition for Chinese characters, offline, on the desktop."""

__version__ = "0.1.0"
