# local.mk: mpsim, the simulator of collective operations.
# SPDX-License-Identifier: BSD-3-Clause
#
# Of the library it takes what its own files refer to and nothing else: out of an archive, so that a new algorithm needs
# no line here.
noinst_LIBRARIES += apps/mpsim/libschedules.a
apps_mpsim_libschedules_a_SOURCES = $(tri_collective_sources) $(tri_object_sources) \
	src/runtime/attribute.c src/runtime/counters.c src/runtime/lane.c src/runtime/object.c
apps_mpsim_libschedules_a_CFLAGS = $(AM_CFLAGS) $(OPENMP_SIMD_CFLAGS)

mpsim_parts = apps/mpsim/cores.c apps/mpsim/events.c apps/mpsim/events.h apps/mpsim/pairs.c apps/mpsim/pairs.h \
	apps/mpsim/program.c apps/mpsim/program.h apps/mpsim/question.c apps/mpsim/question.h \
	apps/mpsim/setup.c apps/mpsim/simulate.c apps/mpsim/simulate.h apps/mpsim/standin.c apps/mpsim/standin.h \
	apps/mpsim/state.h apps/mpsim/trace.c

bin_PROGRAMS += apps/mpsim/mpsim
apps_mpsim_mpsim_SOURCES = $(mpsim_parts) apps/mpsim/choice.c apps/mpsim/compare.c \
	apps/mpsim/compare.h apps/mpsim/machine.c apps/mpsim/machine.h apps/mpsim/mpsim.c \
	apps/mpsim/options.c apps/mpsim/options.h apps/mpsim/plot.c apps/mpsim/sweep.c \
	apps/mpsim/sweep.h benchmarks/common/bench.h benchmarks/common/list.c benchmarks/common/table.c
apps_mpsim_mpsim_LDADD = apps/mpsim/libschedules.a -lm

dist_man_MANS += docs/mpsim.1
