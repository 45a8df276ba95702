"""Quorum: local models propose, a quorum agrees, you decide."""

__version__ = "0.1.0"
