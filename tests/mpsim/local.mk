# local.mk: tests of the simulator: small cases worked out by hand, and all algorithms through the program.
# SPDX-License-Identifier: BSD-3-Clause
TESTS += tests/mpsim/test-mpsim.sh
dist_check_SCRIPTS += tests/mpsim/test-mpsim.sh

if HAVE_CMOCKA
check_PROGRAMS += tests/mpsim/test_simulate
TESTS += tests/mpsim/test_simulate
tests_mpsim_test_simulate_SOURCES = tests/mpsim/test_simulate.c $(mpsim_parts)
tests_mpsim_test_simulate_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_mpsim_test_simulate_LDADD = apps/mpsim/libschedules.a $(CMOCKA_LIBS) -lm
endif
