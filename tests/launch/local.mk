# local.mk: the launcher's tests: jobs of small PMIx programs, and the parts without processes.
# SPDX-License-Identifier: BSD-3-Clause
check_PROGRAMS += tests/launch/pmixjob tests/launch/confine
tests_launch_confine_SOURCES = tests/launch/confine.c
check_PROGRAMS += tests/launch/whereami
tests_launch_whereami_SOURCES = tests/launch/whereami.c
tests_launch_whereami_LDFLAGS = -no-install $(AM_LDFLAGS)
tests_launch_whereami_LDADD = libmpi_abi.la
tests_launch_pmixjob_SOURCES = tests/launch/pmixjob.c
tests_launch_pmixjob_CPPFLAGS = -D_GNU_SOURCE $(PMIX_CFLAGS)
tests_launch_pmixjob_LDADD = $(PMIX_LIBS)

launch_tests = tests/launch/test-node.sh tests/launch/test-nodes.sh tests/launch/test-streams.sh \
	tests/launch/test-failures.sh tests/launch/test-signals.sh tests/launch/test-peers.sh \
	tests/launch/test-ssh.sh tests/launch/test-mpinfo.sh tests/launch/test-container.sh \
	tests/launch/test-options.sh tests/launch/test-faults.sh tests/launch/test-slurm.sh \
	tests/launch/test-place.sh tests/launch/test-environments.sh
TESTS += $(launch_tests)
dist_check_SCRIPTS += $(launch_tests) tests/launch/agent.sh tests/launch/compare-launch.sh
EXTRA_DIST += tests/launch/common.sh tests/launch/topologies/asymmetric.xml \
	tests/launch/topologies/cut.xml tests/launch/topologies/device.xml \
	tests/launch/topologies/hybrid.xml

if HAVE_CMOCKA
check_PROGRAMS += tests/launch/test-parts
TESTS += tests/launch/test-parts
tests_launch_test_parts_SOURCES = tests/launch/test-parts.c apps/mprun/head/hosts.c apps/mprun/wire/jobdesc.c \
	apps/mprun/head/lines.c apps/mprun/head/map.c apps/mprun/place/place_cpus.c apps/mprun/head/sink.c \
	apps/mprun/util.c apps/mprun/wire/wire.c
tests_launch_test_parts_CPPFLAGS = -D_GNU_SOURCE $(mprun_includes) $(LIBEVENT_CFLAGS) \
	$(CMOCKA_CFLAGS)
tests_launch_test_parts_LDADD = $(LIBEVENT_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/launch/test-place tests/launch/test-place-data
TESTS += tests/launch/test-place tests/launch/test-place-data
place_test_sources = tests/launch/test_place_jobs.c tests/launch/test_place_jobs.h \
	apps/mprun/node/claim.c apps/mprun/display/display.c apps/mprun/display/display_json.c apps/mprun/display/display_svg.c \
	apps/mprun/display/display_text.c apps/mprun/head/hosts.c apps/mprun/wire/jobdesc.c apps/mprun/head/map.c \
	apps/mprun/place/place.c apps/mprun/place/place_cpus.c apps/mprun/place/place_describe.c \
	apps/mprun/place/place_field.c apps/mprun/place/place_hwloc.c apps/mprun/place/place_job.c \
	apps/mprun/place/place_machine.c apps/mprun/place/place_message.c apps/mprun/place/place_node.c \
	apps/mprun/place/place_order.c apps/mprun/place/place_policy.c apps/mprun/place/place_sysfs.c \
	apps/mprun/place/place_wire.c apps/mprun/util.c apps/mprun/wire/wire.c src/runtime/topology.c
tests_launch_test_place_SOURCES = tests/launch/test-place.c $(place_test_sources)
tests_launch_test_place_CPPFLAGS = -D_GNU_SOURCE $(mprun_includes) \
	-iquote $(top_srcdir)/src/runtime -DTOPOLOGIES='"$(top_srcdir)/tests/launch/topologies"' \
	$(LIBEVENT_CFLAGS) $(HWLOC_CFLAGS) $(CMOCKA_CFLAGS)
tests_launch_test_place_LDADD = $(LIBEVENT_LIBS) $(HWLOC_LIBS) $(CMOCKA_LIBS)
tests_launch_test_place_data_SOURCES = tests/launch/test-place-data.c $(place_test_sources)
tests_launch_test_place_data_CPPFLAGS = $(tests_launch_test_place_CPPFLAGS)
tests_launch_test_place_data_LDADD = $(tests_launch_test_place_LDADD)

check_PROGRAMS += tests/launch/test-tree
TESTS += tests/launch/test-tree
tests_launch_test_tree_SOURCES = tests/launch/test-tree.c apps/mprun/wire/exchange.c \
	apps/mprun/wire/jobdesc.c apps/mprun/wire/tree.c apps/mprun/util.c apps/mprun/wire/wire.c
tests_launch_test_tree_CPPFLAGS = -D_GNU_SOURCE $(mprun_includes) \
	-iquote $(top_srcdir)/src/runtime $(LIBEVENT_CFLAGS) $(CMOCKA_CFLAGS)
tests_launch_test_tree_LDADD = $(CMOCKA_LIBS)
endif
