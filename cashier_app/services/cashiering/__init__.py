"""Drawers and deposits: opening, turning in, counting, balancing, taking to the bank."""
