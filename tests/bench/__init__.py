"""How fast the project is beside a floor: the same answers with nothing but SQL and a template.

    python -m tests.bench --db sqlite --sizes 5k,50k --passes 3
    python -m tests.bench --quick

Figures are ratios of two measurements of one run. Nothing here gates: tests hold what does not
depend on a clock (statement counts, query plans).
"""
