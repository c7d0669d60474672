"""The review's file: what it may say, and reading it."""

from livingsearch.review.model import Known, Review, Search, Source
from livingsearch.review.reader import read_review

__all__ = ["Known", "Review", "Search", "Source", "read_review"]
