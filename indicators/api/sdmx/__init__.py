"""Figures and targets for statistical software, in the shape of the SDMX REST API 2: structures and data."""
