# Demonstration programs: plain MPI, built here with the library of this tree and run by the tests.
# SPDX-License-Identifier: BSD-3-Clause
demo_programs = apps/demo/ring apps/demo/pingpong apps/demo/pipeline apps/demo/heat2d \
	apps/demo/taskfarm apps/demo/hybrid
noinst_PROGRAMS += $(demo_programs)

# Without libtool's wrapper script: ranks that start at once would all relink the program.
demo_ldflags = -no-install $(AM_LDFLAGS)

apps_demo_ring_SOURCES = apps/demo/ring.c apps/demo/demo.h
apps_demo_ring_LDFLAGS = $(demo_ldflags)
apps_demo_ring_LDADD = libmpi_abi.la

apps_demo_pingpong_SOURCES = apps/demo/pingpong.c apps/demo/demo.h
apps_demo_pingpong_LDFLAGS = $(demo_ldflags)
apps_demo_pingpong_LDADD = libmpi_abi.la

apps_demo_pipeline_SOURCES = apps/demo/pipeline.c apps/demo/demo.h
apps_demo_pipeline_LDFLAGS = $(demo_ldflags)
apps_demo_pipeline_LDADD = libmpi_abi.la

apps_demo_heat2d_SOURCES = apps/demo/heat2d.c apps/demo/demo.h
apps_demo_heat2d_CFLAGS = $(OPENMP_CFLAGS) $(AM_CFLAGS)
apps_demo_heat2d_LDFLAGS = $(demo_ldflags)
apps_demo_heat2d_LDADD = libmpi_abi.la -lm

apps_demo_taskfarm_SOURCES = apps/demo/taskfarm.c apps/demo/demo.h
apps_demo_taskfarm_LDFLAGS = $(demo_ldflags)
apps_demo_taskfarm_LDADD = libmpi_abi.la

apps_demo_hybrid_SOURCES = apps/demo/hybrid.c apps/demo/demo.h
apps_demo_hybrid_CFLAGS = $(OPENMP_CFLAGS) $(AM_CFLAGS)
apps_demo_hybrid_LDFLAGS = $(demo_ldflags)
apps_demo_hybrid_LDADD = libmpi_abi.la -lm
