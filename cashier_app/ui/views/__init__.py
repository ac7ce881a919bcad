"""Windows, screens and panels: they render view models and decide nothing."""
