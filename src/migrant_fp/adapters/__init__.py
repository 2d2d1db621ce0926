"""What binds the library to the world: each module to one thing."""
