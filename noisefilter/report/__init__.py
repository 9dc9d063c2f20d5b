"""Results → one self-contained page that a person can read, print and pass on; see `page.py`."""

from noisefilter.report.page import write_report

__all__ = ["write_report"]
