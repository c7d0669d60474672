"""Batches out, in the forms that screening tools take, and back, as they export them."""

from livingsearch.exports.forms import FORMS, BatchForm
from livingsearch.exports.report import BatchReport
from livingsearch.exports.tools import TOOLS, ScreeningTool

__all__ = ["FORMS", "TOOLS", "BatchForm", "BatchReport", "ScreeningTool"]
