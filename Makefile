# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0

# The front door. Everything behind it is plain: Meson builds, the scripts in tools/ do the rest.

BUILD ?= build
DESTDIR ?=
PREFIX ?= /usr/local

.PHONY: help run test bench fuzz kill-test corpus pictures models-full check-format format build install \
	packages-run packages-test packages-bench

help:
	@echo 'make run            install what is missing, build, start the demo world (Ctrl-C stops it)'
	@echo 'make test           install what the tests need, build with gcc, clang and sanitizers, test everything'
	@echo 'make build          build only, into $(BUILD)/'
	@echo 'make bench          the benchmarks beside cupsd and nginx; prints figures and ratios'
	@echo 'make fuzz           fuzz every parser, SECONDS=60 each (set SECONDS to change)'
	@echo 'make kill-test      the long kill tests: 200 kills, 20,000 submissions, 5,000 releases; and two agents'
	@echo 'make corpus         many documents of every format in every language of printers, looked at (docs/corpus.md)'
	@echo 'make models-full    the protocol models with the widest bounds (some minutes, 8 GB)'
	@echo 'make pictures       the pictures of docs/pages/, made by the stories in a browser'
	@echo 'make check-format   is every file as the formatter would write it?'
	@echo 'make format         format every file'
	@echo 'make install        install what is built; PREFIX=$(PREFIX), DESTDIR for packagers'

run: packages-run build
	@tools/demo

build: packages-run
	@tools/build '$(BUILD)' --prefix='$(PREFIX)'

test: packages-run packages-test
	@tools/check

bench: packages-run packages-bench build
	@bench/run $(ARGS)

SECONDS ?= 60
fuzz: packages-run packages-test
	@tools/fuzz --seconds '$(SECONDS)' --keep

kill-test: packages-run packages-test build
	@tests/run --kill-test full
	@tests/run --kill-test agents-full

corpus: packages-run packages-test build
	@tests/run --corpus $(ARGS)

pictures: packages-run packages-test build
	@mkdir -p docs/pages
	@IMPRIMATUR_PICTURES='$(abspath docs/pages)' tests/run pages-of-the pages-that portal- admin- at-the-panel on-pages what-a-print
	@IMPRIMATUR_PICTURES='$(abspath docs/pages)' tests/run pages-of-a-house

models-full: packages-test
	@models/check --full

check-format: packages-test
	@tools/check-format

format: packages-test
	@tools/check-format --repair

# The programs are built before, by whoever has the right to build; root only copies.
install:
	@grep -qsxF -e '--prefix=$(PREFIX)' '$(BUILD)/chosen-options' || { \
		echo 'Not built for $(PREFIX) yet: run "make build PREFIX=$(PREFIX)" first.' >&2; exit 1; }
	DESTDIR='$(if $(DESTDIR),$(abspath $(DESTDIR)))' meson install -C '$(BUILD)' --no-rebuild

packages-run:
	@tools/install-packages --no-services tools/packages-run.txt

packages-test:
	@tools/install-packages --no-services tools/packages-test.txt

packages-bench:
	@tools/install-packages --no-services tools/packages-bench.txt
