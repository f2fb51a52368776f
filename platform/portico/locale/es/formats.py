"""Dates, times and numbers in the Spanish of the United States.

Django's own `es` follows Spain: 15,5 and 14:30. Families and schools here write 15.5 and
2:30 p.m. The short date spells the month, for 3/4 is two different days to the two languages.
"""

DATE_FORMAT = r"j \d\e F \d\e Y"
TIME_FORMAT = "g:i a"
DATETIME_FORMAT = r"j \d\e F \d\e Y, g:i a"
MONTH_DAY_FORMAT = r"j \d\e F"
YEAR_MONTH_FORMAT = r"F \d\e Y"
SHORT_DATE_FORMAT = "j b Y"  # b, for M begins with a capital
SHORT_DATETIME_FORMAT = "j b Y, g:i a"
DATE_INPUT_FORMATS = ["%m/%d/%Y", "%m/%d/%y"]
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
FIRST_DAY_OF_WEEK = 0
