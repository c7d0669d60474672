"""Checks of a search: what may be wrong with it, the PRESS 2015 list, and a second opinion."""

from livingsearch.strategy.lint.checking import lint
from livingsearch.strategy.lint.press import Element, Question, press_checklist
from livingsearch.strategy.lint.second_opinion import second_opinion
from livingsearch.strategy.lint.texts import lint_text

__all__ = ["Element", "Question", "lint", "lint_text", "press_checklist", "second_opinion"]
