"""Storage: where the bytes of photos are, apart from the database that describes them."""
