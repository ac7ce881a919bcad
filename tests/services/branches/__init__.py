"""The services between branches and their server."""
