"""The door over HTTP: a thin skin for branches and other programs (design D13, decision 19)."""
