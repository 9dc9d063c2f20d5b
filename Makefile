# What CI runs, and what takes too long for it. Needs: pip install -e '.[dev]'

.PHONY: check test lint faults faults-small fuzz

check: test lint

test:
	pytest

lint:
	ruff check .
	ruff format --check .
	mypy

# The table of docs/guarantees.md at full counts: hours. Fewer megabytes or faults: python scripts/faults.py --help
faults:
	python scripts/faults.py

faults-small:
	python scripts/faults.py --scale 0.02

# A minute each; needs atheris (pip install atheris).
fuzz:
	for target in segment quantities json_lines; do python scripts/fuzz.py $$target -max_total_time=60 || exit 1; done
