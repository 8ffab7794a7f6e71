"""How does a transfer begin, and how is it kept in order? Init, prune, restore, history."""
