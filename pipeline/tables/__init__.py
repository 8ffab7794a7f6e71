"""The tables that people keep beside a transfer: the mapping, decisions and the site register."""

from pipeline.tables.decisions import DecisionTable, read_decisions, written_decisions
from pipeline.tables.mapping import (
    DATA_ELEMENT_COLUMNS,
    MANUAL_NAME,
    ORG_UNIT_COLUMNS,
    read_manual_mapping,
    read_mapping,
    refuse_links,
)
from pipeline.tables.sites import SITE_COLUMNS, read_sites, sites_fingerprint

__all__ = [
    "DATA_ELEMENT_COLUMNS",
    "MANUAL_NAME",
    "ORG_UNIT_COLUMNS",
    "SITE_COLUMNS",
    "DecisionTable",
    "read_decisions",
    "read_manual_mapping",
    "read_mapping",
    "read_sites",
    "refuse_links",
    "sites_fingerprint",
    "written_decisions",
]
