"""Published systems as tables: the same training under several conditions, with controls."""
