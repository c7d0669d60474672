"""Batches out, in the forms that screening tools take."""

from livingsearch.exports.report import BatchReport
from livingsearch.exports.ris import ris_batch
from livingsearch.exports.table import csv_batch

__all__ = ["BatchReport", "csv_batch", "ris_batch"]
