"""Cashier: the workstation with which a utility takes money and keeps its customers' accounts."""

__version__ = "0.1.0"
