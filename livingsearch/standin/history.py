"""The history server: results kept under a WebEnv and a running query key."""

import secrets
from threading import Lock


class HistoryGone(Exception):
    """The WebEnv is unknown or expired, or has no such query key."""


_KEPT = 1_000
"""Environments that are kept at most; the oldest goes first."""


class History:
    """Results of searches and posts, kept until they are forgotten. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[str, list[tuple[int, ...]]] = {}

    def keep(self, pmids: tuple[int, ...], webenv: str = "") -> tuple[str, int]:
        """Keep a result.

        Args:
            pmids: in the order in which they are to be fetched.
            webenv: an environment to add to, or an empty string for a new one.

        Returns:
            The WebEnv and the query key, counted from 1 within it.

        Raises:
            HistoryGone: `webenv` is not empty and not known.
        """
        with self._lock:
            if not webenv:
                webenv = f"MCID_{secrets.token_hex(12)}"
                self._kept[webenv] = []
                if len(self._kept) > _KEPT:
                    del self._kept[next(iter(self._kept))]
            if webenv not in self._kept:
                raise HistoryGone(webenv)
            self._kept[webenv].append(pmids)
            return webenv, len(self._kept[webenv])

    def pmids(self, webenv: str, query_key: str) -> tuple[int, ...]:
        """A kept result.

        Raises:
            HistoryGone: there is none of that name and key.
        """
        with self._lock:
            results = self._kept.get(webenv, [])
            if not query_key.isdigit() or not 1 <= int(query_key) <= len(results):
                raise HistoryGone(webenv)
            return results[int(query_key) - 1]

    def forget(self, webenv: str | None = None) -> None:
        """Forget one environment, or all of them: what NCBI does after hours, or at once on a bad day."""
        with self._lock:
            if webenv is None:
                self._kept.clear()
            else:
                self._kept.pop(webenv, None)
