"""The trainer: learns handwriting with torch and exports bundles for `hccr_desktop`.

It stands beside the application, never inside it: no Qt, no window.
"""
