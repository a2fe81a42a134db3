"""Reading and writing what users have. Everything opened may be hostile: sizes are bounded,
damage is reported as `UnreadableFile` with a place and a hint, and files are known by content.
"""
