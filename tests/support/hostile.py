"""Names that somebody may have typed into a DHIS2, and that must do nothing but be read."""

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title></svg></style><svg onload=alert(1)>",
    '"><b onmouseover="alert(1)">',
    "{{ 7 * 7 }} {% raw %}",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://example.org/steal","open")',
    "+1",
    "-1+2",
    "@x",
    "https://example.org/a",
    "\tbegins with a tab",
    "two\nlines",
    "nul\x00inside",
    "right\u202eot tfel",
    "\u2066isolated\u2069",
    "**bold** _it_ `code` [link](https://example.org) | bar",
    "emoji 🏥👩\u200d⚕️",
    "مركز صحي",
    "long " + "x" * 10_000,
)
