# local.mk: unit tests, each over the few files of the library that it is about.
# SPDX-License-Identifier: BSD-3-Clause
#
# Needs CMOCKA_CFLAGS, CMOCKA_LIBS and OPENMP_SIMD_CFLAGS. UNIT_SEED in the environment gives the
# random tests other numbers.
EXTRA_DIST += tests/unit/unit.h tests/unit/shm_second.h

unit_cflags = $(AM_CFLAGS) $(OPENMP_SIMD_CFLAGS) -pthread
unit_cppflags = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
unit_log = tests/unit/unit.h tests/unit/stub_log.c src/runtime/counters.c src/runtime/lane.c \
	src/runtime/object.c
unit_layout = src/datatype/layout.c src/datatype/layout_copy.c
unit_datatype = $(unit_log) src/runtime/attribute.c $(unit_layout) src/datatype/datatype.c \
	src/datatype/predefined.c src/datatype/recipe.c src/datatype/unnamed.c
unit_world = $(unit_datatype) tests/unit/world.c tests/unit/world.h tests/unit/world_board.c \
	tests/unit/world_collective.c src/runtime/cache.c src/op/op.c src/op/kernels.c src/runtime/variables.c src/runtime/variables_file.c src/comm/nodes.c src/comm/nodes.h \
	$(tri_collective_core)
unit_shm = src/runtime/cache.c transports/shm/attach.c transports/shm/doorbell.c transports/shm/endpoint.c \
	transports/shm/receive.c transports/shm/send.c transports/shm/shm.c tests/unit/shm_memory.c
unit_ring = tests/unit/shm_pair.c tests/unit/shm_pair.h src/runtime/membarrier.c
unit_ring_libs = tests/unit/libshm_first.la tests/unit/libshm_second.la $(CMOCKA_LIBS)

if HAVE_CMOCKA
unit_tests = tests/unit/test_board tests/unit/test_cache tests/unit/test_datatype tests/unit/test_dims tests/unit/test_domains tests/unit/test_group tests/unit/test_home \
	tests/unit/test_lane tests/unit/test_layout tests/unit/test_match_threads tests/unit/test_movement tests/unit/test_numa \
	tests/unit/test_pieces tests/unit/test_plan tests/unit/test_pmi2 tests/unit/test_queue \
	tests/unit/test_reductions tests/unit/test_reorder tests/unit/test_ring tests/unit/test_ring_trust \
	tests/unit/test_ring_wake tests/unit/test_runs tests/unit/test_schedule tests/unit/test_segment tests/unit/test_select \
	tests/unit/test_slots \
	tests/unit/test_transfer tests/unit/test_variables tests/unit/test_wait tests/unit/test_way
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)

# The two ends of a ring: the same files twice, see shm_second.h.
check_LTLIBRARIES += tests/unit/libshm_first.la tests/unit/libshm_second.la
endif

tests_unit_libshm_first_la_SOURCES = $(unit_shm)
tests_unit_libshm_first_la_CPPFLAGS = $(unit_cppflags)
tests_unit_libshm_second_la_SOURCES = $(unit_shm)
tests_unit_libshm_second_la_CPPFLAGS = $(unit_cppflags) \
	-include $(top_srcdir)/tests/unit/shm_second.h

tests_unit_test_board_SOURCES = tests/unit/test_board.c $(unit_log) collectives/board.c
tests_unit_test_board_CPPFLAGS = $(unit_cppflags)
tests_unit_test_board_CFLAGS = $(unit_cflags)
tests_unit_test_board_LDADD = $(CMOCKA_LIBS)
tests_unit_test_cache_SOURCES = tests/unit/test_cache.c src/runtime/cache.c
tests_unit_test_cache_CPPFLAGS = $(unit_cppflags)
tests_unit_test_cache_LDADD = $(CMOCKA_LIBS)
tests_unit_test_datatype_SOURCES = tests/unit/test_datatype.c tests/unit/type_model.c \
	tests/unit/type_model.h $(unit_datatype)
tests_unit_test_datatype_CPPFLAGS = $(unit_cppflags)
tests_unit_test_datatype_LDADD = $(CMOCKA_LIBS)
tests_unit_test_dims_SOURCES = tests/unit/test_dims.c src/topology/dims.c $(unit_log)
tests_unit_test_dims_CPPFLAGS = $(unit_cppflags)
tests_unit_test_dims_LDADD = $(CMOCKA_LIBS)
tests_unit_test_group_SOURCES = tests/unit/test_group.c src/comm/group.c $(unit_log)
tests_unit_test_group_CPPFLAGS = $(unit_cppflags)
tests_unit_test_group_LDADD = $(CMOCKA_LIBS)
tests_unit_test_lane_SOURCES = tests/unit/test_lane.c $(unit_log)
tests_unit_test_lane_CPPFLAGS = $(unit_cppflags)
tests_unit_test_lane_CFLAGS = $(unit_cflags)
tests_unit_test_lane_LDADD = $(CMOCKA_LIBS)
tests_unit_test_domains_SOURCES = tests/unit/test_domains.c src/runtime/locality.c \
	collectives/board.c collectives/board_domains.c $(unit_log)
tests_unit_test_domains_CPPFLAGS = $(unit_cppflags)
tests_unit_test_domains_CFLAGS = $(unit_cflags)
tests_unit_test_domains_LDADD = $(CMOCKA_LIBS)
tests_unit_test_home_SOURCES = tests/unit/test_home.c src/runtime/home.c
tests_unit_test_home_CPPFLAGS = $(unit_cppflags)
tests_unit_test_home_LDADD = $(CMOCKA_LIBS)
tests_unit_test_layout_SOURCES = tests/unit/test_layout.c $(unit_layout) $(unit_log)
tests_unit_test_layout_CPPFLAGS = $(unit_cppflags)
tests_unit_test_layout_LDADD = $(CMOCKA_LIBS)
tests_unit_test_match_threads_SOURCES = tests/unit/test_match_threads.c src/p2p/queue.c \
	$(unit_log)
tests_unit_test_match_threads_CPPFLAGS = $(unit_cppflags)
tests_unit_test_match_threads_CFLAGS = $(unit_cflags)
tests_unit_test_match_threads_LDADD = $(CMOCKA_LIBS)
tests_unit_test_movement_SOURCES = tests/unit/test_movement.c tests/unit/movement.c \
	tests/unit/movement.h collectives/registry.c $(unit_world)
tests_unit_test_movement_CPPFLAGS = $(unit_cppflags)
tests_unit_test_movement_CFLAGS = $(unit_cflags)
tests_unit_test_movement_LDADD = $(CMOCKA_LIBS)
tests_unit_test_pieces_SOURCES = tests/unit/test_pieces.c tests/unit/cut_registry.c \
	tests/unit/cut_registry.h tests/unit/movement.c tests/unit/movement.h \
	tests/unit/reductions.c tests/unit/reductions.h $(unit_world)
tests_unit_test_pieces_CPPFLAGS = $(unit_cppflags)
tests_unit_test_pieces_CFLAGS = $(unit_cflags)
tests_unit_test_pieces_LDADD = $(CMOCKA_LIBS)
tests_unit_test_plan_SOURCES = tests/unit/test_plan.c tests/unit/cut_registry.c \
	tests/unit/cut_registry.h $(unit_world)
tests_unit_test_plan_CPPFLAGS = $(unit_cppflags)
tests_unit_test_plan_CFLAGS = $(unit_cflags)
tests_unit_test_plan_LDADD = $(CMOCKA_LIBS)
# With a server of its own in place of Slurm's library.
tests_unit_test_pmi2_SOURCES = tests/unit/test_pmi2.c src/runtime/pmi2.c $(unit_log)
tests_unit_test_pmi2_CPPFLAGS = $(unit_cppflags) -Ddlopen=test_open -Ddlsym=test_symbol
tests_unit_test_pmi2_CFLAGS = $(unit_cflags)
tests_unit_test_pmi2_LDADD = $(CMOCKA_LIBS)
tests_unit_test_queue_SOURCES = tests/unit/test_queue.c src/p2p/queue.c $(unit_log)
tests_unit_test_queue_CPPFLAGS = $(unit_cppflags)
tests_unit_test_queue_LDADD = $(CMOCKA_LIBS)
tests_unit_test_reductions_SOURCES = tests/unit/test_reductions.c tests/unit/reductions.c \
	tests/unit/reductions.h collectives/registry.c $(unit_world)
tests_unit_test_reductions_CPPFLAGS = $(unit_cppflags)
tests_unit_test_reductions_CFLAGS = $(unit_cflags)
tests_unit_test_reductions_LDADD = $(CMOCKA_LIBS)
tests_unit_test_reorder_SOURCES = tests/unit/test_reorder.c src/topology/adjacency.c \
	src/topology/bisect.c src/topology/bricks.c src/topology/reorder.c $(unit_log)
tests_unit_test_reorder_CPPFLAGS = $(unit_cppflags)
tests_unit_test_reorder_LDADD = $(CMOCKA_LIBS)
tests_unit_test_numa_SOURCES = tests/unit/test_numa.c transports/shm/numa.c transports/shm/numa.h
tests_unit_test_numa_CPPFLAGS = $(unit_cppflags)
tests_unit_test_numa_CFLAGS = $(unit_cflags)
tests_unit_test_numa_LDADD = $(CMOCKA_LIBS)
tests_unit_test_ring_SOURCES = tests/unit/test_ring.c $(unit_ring)
tests_unit_test_ring_CPPFLAGS = $(unit_cppflags)
tests_unit_test_ring_CFLAGS = $(unit_cflags)
tests_unit_test_ring_LDADD = $(unit_ring_libs)
tests_unit_test_ring_trust_SOURCES = tests/unit/test_ring_trust.c $(unit_ring)
tests_unit_test_ring_trust_CPPFLAGS = $(unit_cppflags)
tests_unit_test_ring_trust_CFLAGS = $(unit_cflags)
tests_unit_test_ring_trust_LDADD = $(unit_ring_libs)
tests_unit_test_ring_wake_SOURCES = tests/unit/test_ring_wake.c $(unit_ring)
tests_unit_test_ring_wake_CPPFLAGS = $(unit_cppflags)
tests_unit_test_ring_wake_CFLAGS = $(unit_cflags)
tests_unit_test_ring_wake_LDADD = $(unit_ring_libs)
tests_unit_test_runs_SOURCES = tests/unit/test_runs.c collectives/registry.c $(unit_world)
tests_unit_test_runs_CPPFLAGS = $(unit_cppflags)
tests_unit_test_runs_CFLAGS = $(unit_cflags)
tests_unit_test_runs_LDADD = $(CMOCKA_LIBS)
tests_unit_test_schedule_SOURCES = tests/unit/test_schedule.c collectives/registry.c $(unit_world)
tests_unit_test_schedule_CPPFLAGS = $(unit_cppflags)
tests_unit_test_schedule_CFLAGS = $(unit_cflags)
tests_unit_test_schedule_LDADD = $(CMOCKA_LIBS)
tests_unit_test_segment_SOURCES = tests/unit/test_segment.c transports/shm/segment.c
tests_unit_test_segment_CPPFLAGS = $(unit_cppflags)
tests_unit_test_segment_CFLAGS = $(unit_cflags)
tests_unit_test_segment_LDADD = $(CMOCKA_LIBS)
tests_unit_test_select_SOURCES = tests/unit/test_select.c collectives/registry.c $(unit_world)
tests_unit_test_select_CPPFLAGS = $(unit_cppflags)
tests_unit_test_select_CFLAGS = $(unit_cflags)
tests_unit_test_select_LDADD = $(CMOCKA_LIBS) -lm
tests_unit_test_slots_SOURCES = tests/unit/test_slots.c src/p2p/slots.c $(unit_log)
tests_unit_test_slots_CPPFLAGS = $(unit_cppflags)
tests_unit_test_slots_LDADD = $(CMOCKA_LIBS)
tests_unit_test_transfer_SOURCES = tests/unit/test_transfer.c transports/transfer.c transports/transfer.h
tests_unit_test_transfer_CPPFLAGS = $(unit_cppflags)
tests_unit_test_transfer_LDADD = $(CMOCKA_LIBS)
tests_unit_test_variables_SOURCES = tests/unit/test_variables.c src/runtime/variables.c src/runtime/variables_file.c
tests_unit_test_variables_CPPFLAGS = $(unit_cppflags)
tests_unit_test_variables_LDADD = $(CMOCKA_LIBS)
tests_unit_test_wait_SOURCES = tests/unit/test_wait.c src/runtime/home.c src/runtime/wait.c $(unit_log)
tests_unit_test_wait_CPPFLAGS = $(unit_cppflags)
tests_unit_test_wait_CFLAGS = $(unit_cflags)
tests_unit_test_wait_LDADD = $(CMOCKA_LIBS)

tests_unit_test_way_SOURCES = tests/unit/test_way.c src/p2p/way.c $(unit_log)
tests_unit_test_way_CPPFLAGS = $(unit_cppflags)
tests_unit_test_way_LDADD = $(CMOCKA_LIBS)
