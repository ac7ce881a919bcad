"""Whom the utility serves: persons, accounts, agreements, and how they are found."""
