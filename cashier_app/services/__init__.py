"""The use cases: one door for every change, and the queries behind every screen. No Qt."""
