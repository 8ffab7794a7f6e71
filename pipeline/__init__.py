"""Tally moves counts from DHIS2 tracker programs into aggregate data values."""
