"""Telling people what they must look into (R batch 15)."""
