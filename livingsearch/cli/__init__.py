"""The `livingsearch` command."""
