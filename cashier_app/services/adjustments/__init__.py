"""Adjustments: adding, generating, freezing, canceling and deleting them, alone or as transfers (R adjustments)."""
