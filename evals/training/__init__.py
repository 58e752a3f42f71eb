"""Scripts that make the small fitted tables of the product, from development data only."""
