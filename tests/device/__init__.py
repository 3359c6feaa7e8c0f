"""The modules that run on phones."""
