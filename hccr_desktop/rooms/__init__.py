"""What the window's rooms know and do, without a window: each room's logic, tested for itself."""
