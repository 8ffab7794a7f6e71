"""What names a cell, in DHIS2's own words and always in this order."""

KEY = (
    "data_element",
    "period",
    "org_unit",
    "category_option_combo",
    "attribute_option_combo",
)

FORM_CELL = ("data_element", "category_option_combo", "attribute_option_combo")
