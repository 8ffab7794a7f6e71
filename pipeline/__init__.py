"""Tally moves counts from DHIS2 tracker programs into aggregate data values."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("dhis2-tally")
except PackageNotFoundError:  # a checkout that was not installed
    __version__ = "0.0.0"
