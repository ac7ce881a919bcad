"""What tests share that is not part of the product."""
