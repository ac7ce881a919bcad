"""One module per revision, found by Alembic."""
