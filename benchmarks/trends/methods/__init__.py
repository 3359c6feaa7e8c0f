"""Published methods beside the product's own, written plainly from their papers."""
