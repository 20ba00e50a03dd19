"""The list of cases: mine, the team's, all of them; searched, narrowed, printed, taken out."""
