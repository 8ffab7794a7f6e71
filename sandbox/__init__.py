"""A small DHIS2 to try things on: real HTTP on loopback, both import generations."""
