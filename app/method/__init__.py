"""The method, pure: no files but the recipe it is given, no clock, no randomness of its own."""
