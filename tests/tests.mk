# SPDX-License-Identifier: MIT
#
# The test suite. Each part is a program that prints `N passed, N failed` last; tests/check runs
# them all and adds up.

.PHONY: check
check: check-deps ## install what is missing, build, run the whole test suite
	@$(MAKE) -s --no-print-directory all
	@tests/check $(BUILD)

.PHONY: truth-compare
truth-compare: all ## the programs of tests/e2e/truth under leakgc, LeakSanitizer and Valgrind
	@tests/e2e/truth/compare --build $(BUILD)

.PHONY: bench bench-mark bench-pause bench-share bench-deps
bench: all ## compare speed and memory with glibc, other allocators and other leak checkers
	@tests/bench/run --build $(BUILD)
bench-mark: all ## how many blocks and bytes a second the search for leaks goes through
	@tests/bench/mark --build $(BUILD)
bench-pause: all ## the longest stops of running programs that are searched, up to 12 GB; allow an hour
	@tests/bench/pause --build $(BUILD)
bench-share: all ## what a scan each minute costs a program of 4 GB; half an hour
	@tests/bench/share --build $(BUILD)
bench-deps: ## install what `make bench` compares with
	@tools/deps.sh bench
