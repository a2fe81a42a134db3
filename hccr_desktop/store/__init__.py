"""What the user's work leaves behind: samples, in SQLite."""
