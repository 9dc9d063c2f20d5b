# What CI runs, and what takes too long for it. Needs: pip install -e '.[dev]'

.PHONY: check test lint faults faults-small fuzz docs notebooks notebooks-again

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

# The same 100,000 inputs each time, some twenty seconds a target; needs atheris (pip install atheris). New ones: make fuzz SECONDS=600 RUNS=-1 SEED=0
SECONDS = 60
RUNS = 100000
SEED = 1
fuzz:
	for target in segment quantities json_lines; do \
	  python scripts/fuzz.py $$target --seconds $(SECONDS) --runs $(RUNS) --seed $(SEED) || exit 1; done

# The documentation, from docs/_build/html/docs/index.html on; every warning is an error.
docs:
	sphinx-build -W --keep-going -q -c docs -b html . docs/_build/html

# Every notebook from its first cell to its last, outputs thrown away.
notebooks:
	pytest --nbmake --nbmake-timeout=300 -o addopts= -q notebooks

# The same, outputs written into the notebooks: after a change of the model or of the examples.
notebooks-again:
	pytest --nbmake --overwrite --nbmake-timeout=300 -o addopts= -q notebooks
