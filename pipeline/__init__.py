"""Tally moves counts from DHIS2 tracker programs into aggregate data values."""

__version__ = "0.1.0"
