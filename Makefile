.PHONY: docs notebooks

# The documentation, from docs/_build/html/docs/index.html on; every warning is an error.
docs:
	sphinx-build -W --keep-going -q -c docs -b html . docs/_build/html

# Every notebook from its first cell to its last, outputs thrown away.
notebooks:
	pytest --nbmake --nbmake-timeout=120 -o addopts= -q notebooks
