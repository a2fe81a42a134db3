"""From a picture of a page to the lines of its writing, or its columns, and the pieces of ink of each."""
