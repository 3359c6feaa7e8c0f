"""Outside systems, one package each, holding all that the one system needs."""
