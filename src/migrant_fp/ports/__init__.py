"""What the library needs from the world, as protocols: one role to a module."""
