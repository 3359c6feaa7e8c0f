"""Field Insights: notes from the field, routed, found, and counted by territory."""
