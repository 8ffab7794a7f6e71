"""Everything under /api/dataValueSets and its neighbours."""

from starlette.routing import Route


def routes() -> list[Route]:
    """Give the paths of this module."""
    return []
