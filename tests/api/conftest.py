"""The API is tried in the same world as the security of its doors."""

from tests.security.conftest import place

__all__ = ["place"]
