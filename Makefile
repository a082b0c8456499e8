# Two commands matter: `make run` and `make test`. Both set up what they need.

PYTHON ?= python3
VENV ?= .venv

ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

# What `make run` needs, and what the others need besides.
RUNNABLE := $(VENV)/.runnable
INSTALLED := $(VENV)/.installed

# It takes some minutes, and a person wants to see that it goes on.
PIP_INSTALL = $(BIN)/python -m pip install $(if $(CI),--quiet)

# On Linux windows are drawn in software on a screen of their own: none pops up, and pixels are the
# same everywhere. Other systems have no xvfb-run. Each worker of the tests makes its own screen.
XVFB_RUN = $(shell command -v xvfb-run 2>/dev/null)
IN_SOFTWARE = $(if $(XVFB_RUN),QT_QPA_PLATFORM=xcb LIBGL_ALWAYS_SOFTWARE=1)
ON_OWN_SCREEN = $(if $(XVFB_RUN),$(IN_SOFTWARE) \
	xvfb-run --auto-servernum --server-args="-screen 0 1920x1080x24")

# Tests of compiled loops, which can only be followed without the compiler, and only on small inputs.
LOOPS := $(addprefix tests/core/,clustering/choosing_k/test_silhouette.py correcting \
	files/test_svgs.py methods/solvers methods/test_dbscan.py methods/test_mean_shift.py pattern \
	pixels/test_histogram.py pixels/test_lookup.py studies/test_objects.py)

# Each worker opens windows and takes a gigabyte or two; -n 0 runs all in one, for a debugger.
WORKERS ?= 2

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test coverage mutation lint docs pictures bench clean qt-libraries screen browser

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 14

run: $(RUNNABLE) qt-libraries ## Open napari on a photo (IMAGE=path for your own), or write files where there is no display
	$(BIN)/python scripts/run.py $${IMAGE:+"$$IMAGE"}

test: $(INSTALLED) screen browser ## Run the whole suite (ARGS="-k palette" for a part)
	$(IN_SOFTWARE) $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

coverage: $(INSTALLED) ## Which branches the suite does not take; fails below 95% of core, or 90% of all
	$(MAKE) test ARGS="--cov --cov-report="
	NUMBA_DISABLE_JIT=1 $(MAKE) test \
		ARGS="--cov --cov-report= --cov-append -m 'not large' -W ignore::RuntimeWarning $(LOOPS)"
	$(BIN)/coverage report --skip-covered --fail-under=90
	@printf "Of core, in percent: "
	@$(BIN)/coverage report --include="*/core/*" --format=total --fail-under=95

mutation: $(INSTALLED) ## How many small faults the tests of core find (ARGS="pixels --sample 60" for a part); for hours
	$(PIP_INSTALL) --group mutation
	$(BIN)/python scripts/mutation.py $(ARGS)

lint: $(INSTALLED) ## Check style, formatting, and which room imports which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache --no-logo

docs: $(INSTALLED) screen ## Build the site into docs/_build/html; any warning is an error
	@rm -rf docs/reference/generated
	$(BIN)/python -m sphinx --quiet --fresh-env --fail-on-warning --keep-going docs docs/_build/html

pictures: $(INSTALLED) screen browser ## Make the pictures and films of README and site again (ARGS="beetle --theme dark" for a part)
	NAPARI_CONFIG= $(ON_OWN_SCREEN) $(BIN)/python scripts/pictures $(ARGS)

bench: $(INSTALLED) screen ## Set it beside other tools and its own targets (ARGS="--k 8" for a part)
	$(PIP_INSTALL) --group bench
	$(BIN)/python benchmarks/quantizers.py $(ARGS)
	$(BIN)/python benchmarks/targets.py $(ARGS)
	$(ON_OWN_SCREEN) $(BIN)/python benchmarks/live.py

clean: ## Remove the environment and what the tools left; results of `make run` stay
	rm -rf $(VENV) build dist docs/_build docs/reference/generated .coverage* .hypothesis .pytest_cache .ruff_cache
	find src tests scripts benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

# Qt's libraries are only needed where there is a display to open a window on.
qt-libraries:
	@test -z "$$DISPLAY$$WAYLAND_DISPLAY" || scripts/install_system_libraries.sh qt

screen:
	@scripts/install_system_libraries.sh qt xvfb

browser:
	@scripts/install_system_libraries.sh browser

$(RUNNABLE): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ...")'
	@PYTHON=$(PYTHON) scripts/install_system_libraries.sh venv
	@echo "Installing napari and what it needs into $(VENV): 1.4 GB, some minutes, and only once."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(PIP_INSTALL) --editable ".[all]"
	@touch $@

# pip 25.1 is the first to know --group.
$(INSTALLED): $(RUNNABLE)
	$(PIP_INSTALL) --editable ".[all]" --group dev
	@touch $@
