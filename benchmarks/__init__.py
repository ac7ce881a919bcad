"""How fast the product is, each figure beside a bare baseline of the same run (docs/performance.md)."""
