"""`python -m cashier_app` is the `cashier` command."""

from cashier_app.main import run

run()
