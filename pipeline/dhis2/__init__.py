"""Everything that is asked of a DHIS2 server, and how."""
