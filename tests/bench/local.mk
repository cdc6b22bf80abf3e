# local.mk: mpbench as a program of this tree, and twins with an MPI that delivers wrong results, or counts.
# SPDX-License-Identifier: BSD-3-Clause
check_PROGRAMS += tests/bench/mpbench tests/bench/mpbench-spoilt tests/bench/mpbench-counted

tests_bench_mpbench_SOURCES = $(mpbench_sources)
tests_bench_mpbench_LDFLAGS = -no-install $(AM_LDFLAGS)
tests_bench_mpbench_LDADD = libmpi_abi.la -lm -lpthread

tests_bench_mpbench_spoilt_SOURCES = $(mpbench_sources) tests/bench/spoil.c
tests_bench_mpbench_spoilt_LDFLAGS = -no-install $(AM_LDFLAGS)
tests_bench_mpbench_spoilt_LDADD = libmpi_abi.la -lm -lpthread

tests_bench_mpbench_counted_SOURCES = $(mpbench_sources) tests/bench/count.c
tests_bench_mpbench_counted_LDFLAGS = -no-install $(AM_LDFLAGS)
tests_bench_mpbench_counted_LDADD = libmpi_abi.la -lm -lpthread

TESTS += tests/bench/test-mpbench.sh
dist_check_SCRIPTS += tests/bench/test-mpbench.sh
