"""Prefect: thin flows and tasks over `livingsearch.services`; retries, schedules, artifacts."""
