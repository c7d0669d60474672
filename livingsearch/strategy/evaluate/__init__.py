"""Which records a search finds, judged by the words that the records have."""

from livingsearch.strategy.evaluate.concepts import Concept, concepts_of
from livingsearch.strategy.evaluate.matching import matches
from livingsearch.strategy.evaluate.missed import Held, Judgement, why_missed

__all__ = ["Concept", "Held", "Judgement", "concepts_of", "matches", "why_missed"]
