"""The period types of DHIS2, one entry each: name, form of the ids, and how it cuts the calendar.

A new type is one more entry here. Names, ids and days are those of DHIS2 2.39 to 2.43
(docs/dhis2.md, Periods), and tests/cells/periods_of_dhis2.csv holds them against the official
package @dhis2/multi-calendar-dates. Where the two differ the servers are followed: a period that
begins in November has the year in which it ends, and a year of 53 weeks has a 27th bi-week.
"""

from pipeline.cells.calendar import Days, Months, PeriodType, Weeks

WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = 2, 3, 4, 5, 6

TYPES: dict[str, PeriodType] = {
    period_type.name: period_type
    for period_type in (
        Days("Daily", "{year}{number:04}"),
        Weeks("Weekly", "{year}W{number}"),
        Weeks("WeeklyWednesday", "{year}WedW{number}", WEDNESDAY),
        Weeks("WeeklyThursday", "{year}ThuW{number}", THURSDAY),
        Weeks("WeeklyFriday", "{year}FriW{number}", FRIDAY),
        Weeks("WeeklySaturday", "{year}SatW{number}", SATURDAY),
        Weeks("WeeklySunday", "{year}SunW{number}", SUNDAY),
        Weeks("BiWeekly", "{year}BiW{number}", weeks=2),
        Months("Monthly", "{year}{number:02}"),
        Months("BiMonthly", "{year}{number:02}B", months=2),
        Months("Quarterly", "{year}Q{number}", months=3),
        Months("QuarterlyNov", "{year}NovQ{number}", months=3, offset=-2),
        Months("SixMonthly", "{year}S{number}", months=6),
        Months("SixMonthlyApril", "{year}AprilS{number}", months=6, offset=3),
        Months("SixMonthlyNov", "{year}NovS{number}", months=6, offset=-2),
        Months("Yearly", "{year}", months=12),
        Months("FinancialApril", "{year}April", months=12, offset=3),
        Months("FinancialJuly", "{year}July", months=12, offset=6),
        Months("FinancialOct", "{year}Oct", months=12, offset=9),
        Months("FinancialSep", "{year}Sep", months=12, offset=8),
        Months("FinancialFeb", "{year}Feb", months=12, offset=1),
        Months("FinancialAug", "{year}Aug", months=12, offset=7),
        Months("FinancialNov", "{year}Nov", months=12, offset=-2),
    )
}
