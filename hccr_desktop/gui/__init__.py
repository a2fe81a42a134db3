"""The window. Widgets only: they get what they need through the constructor and emit core types."""
