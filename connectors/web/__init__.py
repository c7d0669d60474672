"""Asking over HTTP, for all sources with an API: spacing, limits of time and size, faults told apart, asking again."""
