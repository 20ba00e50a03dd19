"""How often things are so in England: weights for drawing an invented authority.

Contains public sector information licensed under the Open Government Licence v3.0 (Department for
Education, Education, health and care plans, reporting years 2025 and 2026). Durations are invented.
"""

# fmt: off
#: Requests in the calendar year 2024, by age when the request was made ("aged 2 and under" as 2,
#: "aged 20 and over" as 20).
AGE = {
    2: 2792, 3: 18244, 4: 17499, 5: 10761, 6: 9946, 7: 9653, 8: 10241, 9: 12004, 10: 14602,
    11: 9129, 12: 8700, 13: 9314, 14: 8341, 15: 6971, 16: 3413, 17: 1538, 18: 647, 19: 300,
    20: 393,
}
#: Requests in 2024, by sex.
SEX = {"F": 55100, "M": 99389}
#: Requests in 2024, by ethnicity; "unclassified" is not yet known.
ETHNICITY = {
    "WBRI": 100268, "WIRI": 327, "WIRT": 261, "WROM": 525, "WOTH": 5816,
    "MWBC": 3125, "MWBA": 1309, "MWAS": 1654, "MOTH": 3950,
    "AIND": 2168, "APKN": 3975, "ABAN": 1853, "AOTH": 1994, "CHNE": 301,
    "BCRB": 1515, "BAFR": 5152, "BOTH": 1407, "OOTH": 2201, "NOBT": 16688,
}
#: Plans in January 2025, by primary need.
NEED = {
    "ASD": 201183, "SLCN": 135836, "SEMH": 132217, "MLD": 67861, "SLD": 25681, "PD": 24897,
    "SPLD": 14374, "HI": 8765, "PMLD": 8577, "OTH": 7512, "VI": 5280, "MSI": 1692,
}
# fmt: on
#: Requests in 2025, by source: parent or young person, school, health, social care, other.
SOURCE = {"1": 47744, "2": 90762, "3": 306, "4": 866, "5": 7534}
#: Of the requests of 2025 decided by the year's end, the share refused, by source.
REFUSED = {"1": 0.53, "2": 0.18, "3": 0.23, "4": 0.27, "5": 0.21}
#: Of the requests of 2024, the share withdrawn; of its assessments, the share without a plan.
WITHDRAWN = 0.016
NOT_ISSUED = 0.061
