"""The EHCP casework system of a local authority: its law, its cases, its figures."""
