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
tests_launch_test_parts_SOURCES = tests/launch/test-parts.c apps/mprun/hosts.c apps/mprun/jobdesc.c \
	apps/mprun/lines.c apps/mprun/map.c apps/mprun/place_cpus.c apps/mprun/sink.c \
	apps/mprun/util.c apps/mprun/wire.c
tests_launch_test_parts_CPPFLAGS = -D_GNU_SOURCE -I$(top_srcdir)/apps/mprun $(LIBEVENT_CFLAGS) \
	$(CMOCKA_CFLAGS)
tests_launch_test_parts_LDADD = $(LIBEVENT_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/launch/test-place tests/launch/test-place-data
TESTS += tests/launch/test-place tests/launch/test-place-data
place_test_sources = tests/launch/test_place_jobs.c tests/launch/test_place_jobs.h \
	apps/mprun/claim.c apps/mprun/display.c apps/mprun/display_json.c apps/mprun/display_svg.c \
	apps/mprun/display_text.c apps/mprun/hosts.c apps/mprun/jobdesc.c apps/mprun/map.c \
	apps/mprun/place.c apps/mprun/place_cpus.c apps/mprun/place_describe.c \
	apps/mprun/place_field.c apps/mprun/place_hwloc.c apps/mprun/place_job.c \
	apps/mprun/place_machine.c apps/mprun/place_message.c apps/mprun/place_node.c \
	apps/mprun/place_order.c apps/mprun/place_policy.c apps/mprun/place_sysfs.c \
	apps/mprun/place_wire.c apps/mprun/util.c apps/mprun/wire.c src/runtime/topology.c
tests_launch_test_place_SOURCES = tests/launch/test-place.c $(place_test_sources)
tests_launch_test_place_CPPFLAGS = -D_GNU_SOURCE -I$(top_srcdir)/apps/mprun \
	-iquote $(top_srcdir)/src/runtime -DTOPOLOGIES='"$(top_srcdir)/tests/launch/topologies"' \
	$(LIBEVENT_CFLAGS) $(HWLOC_CFLAGS) $(CMOCKA_CFLAGS)
tests_launch_test_place_LDADD = $(LIBEVENT_LIBS) $(HWLOC_LIBS) $(CMOCKA_LIBS)
tests_launch_test_place_data_SOURCES = tests/launch/test-place-data.c $(place_test_sources)
tests_launch_test_place_data_CPPFLAGS = $(tests_launch_test_place_CPPFLAGS)
tests_launch_test_place_data_LDADD = $(tests_launch_test_place_LDADD)

check_PROGRAMS += tests/launch/test-tree
TESTS += tests/launch/test-tree
tests_launch_test_tree_SOURCES = tests/launch/test-tree.c apps/mprun/exchange.c \
	apps/mprun/jobdesc.c apps/mprun/tree.c apps/mprun/util.c apps/mprun/wire.c
tests_launch_test_tree_CPPFLAGS = -D_GNU_SOURCE -I$(top_srcdir)/apps/mprun \
	-iquote $(top_srcdir)/src/runtime $(LIBEVENT_CFLAGS) $(CMOCKA_CFLAGS)
tests_launch_test_tree_LDADD = $(CMOCKA_LIBS)
endif
