"""Where the two generations of DHIS2 differ, outside data value imports: one table, two columns."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Generation:
    """The habits of one generation of servers."""

    name: str
    version: str
    login_path: str
    needs_output_period_types: bool
    maintenance_answers: int


GENERATIONS = {
    "2.42": Generation(
        name="2.42",
        version="2.42.4.1",
        login_path="dhis-web-login/",
        needs_output_period_types=False,
        maintenance_answers=204,
    ),
    "2.43": Generation(
        name="2.43",
        version="2.43.0",
        login_path="login/",
        needs_output_period_types=True,
        maintenance_answers=200,
    ),
}
