# local.mk: SPMD programs in plain MPI, run under mprun as the matrix says.
# SPDX-License-Identifier: BSD-3-Clause
#
# Needs libmpi_abi.la and the lists of the top Makefile.am. The scripts find mprun in the top
# build directory; MPRUN, SPMD_BIN and SPMD_TIMEOUT in the environment override.
spmd_programs = \
	tests/spmd/attr_comm \
	tests/spmd/attr_finalize \
	tests/spmd/coll_barrier \
	tests/spmd/coll_bits \
	tests/spmd/coll_flight \
	tests/spmd/coll_levels \
	tests/spmd/coll_inter \
	tests/spmd/coll_loc \
	tests/spmd/coll_mixed \
	tests/spmd/coll_model \
	tests/spmd/coll_move \
	tests/spmd/coll_ops \
	tests/spmd/coll_overlap \
	tests/spmd/coll_read \
	tests/spmd/coll_reduce \
	tests/spmd/coll_user \
	tests/spmd/coll_vector \
	tests/spmd/comm_basic \
	tests/spmd/comm_dup \
	tests/spmd/comm_group \
	tests/spmd/comm_handles \
	tests/spmd/comm_inter \
	tests/spmd/comm_type \
	tests/spmd/dt_array \
	tests/spmd/dt_basic \
	tests/spmd/dt_contents \
	tests/spmd/dt_external \
	tests/spmd/dt_large \
	tests/spmd/dt_layout \
	tests/spmd/dt_random \
	tests/spmd/dt_sized \
	tests/spmd/err_arguments \
	tests/spmd/err_classes \
	tests/spmd/err_codes \
	tests/spmd/err_handlers \
	tests/spmd/flow_bounded \
	tests/spmd/flow_exchange \
	tests/spmd/flow_flood \
	tests/spmd/flow_late \
	tests/spmd/flow_reuse \
	tests/spmd/flow_window \
	tests/spmd/info_full \
	tests/spmd/init_abort \
	tests/spmd/init_basic \
	tests/spmd/init_finalize \
	tests/spmd/init_memory \
	tests/spmd/init_thread \
	tests/spmd/leak \
	tests/spmd/order_comms \
	tests/spmd/order_mixed \
	tests/spmd/order_random \
	tests/spmd/p2p_bsend \
	tests/spmd/p2p_bsend_rooms \
	tests/spmd/p2p_count \
	tests/spmd/p2p_counts \
	tests/spmd/p2p_huge \
	tests/spmd/p2p_modes \
	tests/spmd/p2p_null \
	tests/spmd/p2p_persist \
	tests/spmd/p2p_probe \
	tests/spmd/p2p_push \
	tests/spmd/p2p_random \
	tests/spmd/p2p_request \
	tests/spmd/p2p_self \
	tests/spmd/p2p_sendrecv \
	tests/spmd/p2p_sizes \
	tests/spmd/p2p_ways \
	tests/spmd/p2p_wait \
	tests/spmd/p2p_wild \
	tests/spmd/part_rules \
	tests/spmd/part_split \
	tests/spmd/queue_posted \
	tests/spmd/queue_unexpected \
	tests/spmd/req_errors \
	tests/spmd/req_general \
	tests/spmd/req_status \
	tests/spmd/session \
	tests/spmd/session_apart \
	tests/spmd/thread_pingpong \
	tests/spmd/thread_requests \
	tests/spmd/thread_coll \
	tests/spmd/thread_storm \
	tests/spmd/thread_lanes \
	tests/spmd/thread_mixed \
	tests/spmd/thread_wait \
	tests/spmd/thread_wild \
	tests/spmd/tool_category \
	tests/spmd/tool_cvar \
	tests/spmd/tool_event \
	tests/spmd/tool_pvar \
	tests/spmd/tool_thread \
	tests/spmd/topo_cart \
	tests/spmd/topo_dist \
	tests/spmd/topo_graph \
	tests/spmd/topo_neighbor \
	tests/spmd/topo_reorder \
	tests/spmd/trunc \
	tests/spmd/wait_cpu tests/spmd/wait_home
check_PROGRAMS += $(spmd_programs) \
	tests/spmd/win_object

# Without libtool's wrapper script: ranks that start at once would all relink the program.
spmd_ldflags = -no-install $(AM_LDFLAGS)
spmd_headers = tests/spmd/test.h
coll_headers = \
	tests/spmd/coll.h \
	tests/spmd/coll_call.h \
	tests/spmd/coll_kinds.h \
	tests/spmd/coll_plan.h \
	tests/spmd/coll_run.h

tests_spmd_attr_comm_SOURCES = tests/spmd/attr_comm.c $(spmd_headers)
tests_spmd_attr_comm_LDFLAGS = $(spmd_ldflags)
tests_spmd_attr_comm_LDADD = libmpi_abi.la
tests_spmd_attr_finalize_SOURCES = tests/spmd/attr_finalize.c $(spmd_headers)
tests_spmd_attr_finalize_LDFLAGS = $(spmd_ldflags)
tests_spmd_attr_finalize_LDADD = libmpi_abi.la
tests_spmd_err_arguments_SOURCES = tests/spmd/err_arguments.c tests/spmd/err_arguments.h tests/spmd/err_arguments_objects.h tests/spmd/err_arguments_coll.h tests/spmd/err_arguments_forms.h tests/spmd/err_arguments_neighbor.h tests/spmd/err_arguments_sessions.h tests/spmd/err_arguments_topo.h $(spmd_headers)
tests_spmd_err_arguments_LDFLAGS = $(spmd_ldflags)
tests_spmd_err_arguments_LDADD = libmpi_abi.la
tests_spmd_err_codes_SOURCES = tests/spmd/err_codes.c $(spmd_headers)
tests_spmd_err_codes_LDFLAGS = $(spmd_ldflags)
tests_spmd_err_codes_LDADD = libmpi_abi.la
tests_spmd_info_full_SOURCES = tests/spmd/info_full.c $(spmd_headers)
tests_spmd_info_full_LDFLAGS = $(spmd_ldflags)
tests_spmd_info_full_LDADD = libmpi_abi.la
tests_spmd_coll_barrier_SOURCES = tests/spmd/coll_barrier.c $(spmd_headers)
tests_spmd_coll_barrier_LDFLAGS = $(spmd_ldflags)
tests_spmd_coll_barrier_LDADD = libmpi_abi.la
tests_spmd_coll_bits_SOURCES = tests/spmd/coll_bits.c $(coll_headers) $(spmd_headers)
tests_spmd_coll_bits_LDFLAGS = $(spmd_ldflags)
tests_spmd_coll_bits_LDADD = libmpi_abi.la
tests_spmd_coll_levels_SOURCES = tests/spmd/coll_levels.c $(spmd_headers)
tests_spmd_coll_levels_LDFLAGS = $(spmd_ldflags)
tests_spmd_coll_levels_LDADD = libmpi_abi.la
tests_spmd_coll_flight_SOURCES = tests/spmd/coll_flight.c $(coll_headers) $(spmd_headers)
tests_spmd_coll_flight_LDFLAGS = $(spmd_ldflags)
tests_spmd_coll_flight_LDADD = libmpi_abi.la
tests_spmd_coll_inter_SOURCES = tests/spmd/coll_inter.c $(coll_headers) $(spmd_headers)
tests_spmd_coll_inter_LDFLAGS = $(spmd_ldflags)
tests_spmd_coll_inter_LDADD = libmpi_abi.la
tests_spmd_coll_loc_SOURCES = tests/spmd/coll_loc.c $(spmd_headers)
tests_spmd_coll_loc_LDFLAGS = $(spmd_ldflags)
tests_spmd_coll_loc_LDADD = libmpi_abi.la
tests_spmd_coll_overlap_SOURCES = tests/spmd/coll_overlap.c $(spmd_headers)
tests_spmd_coll_overlap_LDFLAGS = $(spmd_ldflags)
tests_spmd_coll_overlap_LDADD = libmpi_abi.la
tests_spmd_coll_read_SOURCES = tests/spmd/coll_read.c $(spmd_headers)
tests_spmd_coll_read_LDFLAGS = $(spmd_ldflags)
tests_spmd_coll_read_LDADD = libmpi_abi.la
tests_spmd_coll_mixed_SOURCES = tests/spmd/coll_mixed.c $(spmd_headers)
tests_spmd_coll_mixed_LDFLAGS = $(spmd_ldflags)
tests_spmd_coll_mixed_LDADD = libmpi_abi.la
tests_spmd_coll_model_SOURCES = tests/spmd/coll_model.c $(coll_headers) $(spmd_headers)
tests_spmd_coll_model_LDFLAGS = $(spmd_ldflags)
tests_spmd_coll_model_LDADD = libmpi_abi.la
tests_spmd_coll_move_SOURCES = tests/spmd/coll_move.c $(spmd_headers)
tests_spmd_coll_move_LDFLAGS = $(spmd_ldflags)
tests_spmd_coll_move_LDADD = libmpi_abi.la
tests_spmd_coll_ops_SOURCES = tests/spmd/coll_ops.c tests/spmd/coll_ops.h $(spmd_headers)
tests_spmd_coll_ops_LDFLAGS = $(spmd_ldflags)
tests_spmd_coll_ops_LDADD = libmpi_abi.la
tests_spmd_coll_reduce_SOURCES = tests/spmd/coll_reduce.c $(spmd_headers)
tests_spmd_coll_reduce_LDFLAGS = $(spmd_ldflags)
tests_spmd_coll_reduce_LDADD = libmpi_abi.la
tests_spmd_coll_user_SOURCES = tests/spmd/coll_user.c $(spmd_headers)
tests_spmd_coll_user_LDFLAGS = $(spmd_ldflags)
tests_spmd_coll_user_LDADD = libmpi_abi.la
tests_spmd_coll_vector_SOURCES = tests/spmd/coll_vector.c $(spmd_headers)
tests_spmd_coll_vector_LDFLAGS = $(spmd_ldflags)
tests_spmd_coll_vector_LDADD = libmpi_abi.la
tests_spmd_comm_basic_SOURCES = tests/spmd/comm_basic.c $(spmd_headers)
tests_spmd_comm_basic_LDFLAGS = $(spmd_ldflags)
tests_spmd_comm_basic_LDADD = libmpi_abi.la
tests_spmd_comm_dup_SOURCES = tests/spmd/comm_dup.c $(spmd_headers)
tests_spmd_comm_dup_LDFLAGS = $(spmd_ldflags)
tests_spmd_comm_dup_LDADD = libmpi_abi.la
tests_spmd_comm_group_SOURCES = tests/spmd/comm_group.c $(spmd_headers)
tests_spmd_comm_group_LDFLAGS = $(spmd_ldflags)
tests_spmd_comm_group_LDADD = libmpi_abi.la
tests_spmd_comm_handles_SOURCES = tests/spmd/comm_handles.c $(spmd_headers)
tests_spmd_comm_handles_LDFLAGS = $(spmd_ldflags)
tests_spmd_comm_handles_LDADD = libmpi_abi.la
tests_spmd_comm_type_SOURCES = tests/spmd/comm_type.c $(spmd_headers)
tests_spmd_comm_type_LDFLAGS = $(spmd_ldflags)
tests_spmd_comm_type_LDADD = libmpi_abi.la
tests_spmd_comm_inter_SOURCES = tests/spmd/comm_inter.c $(spmd_headers)
tests_spmd_comm_inter_LDFLAGS = $(spmd_ldflags)
tests_spmd_comm_inter_LDADD = libmpi_abi.la
tests_spmd_dt_array_SOURCES = tests/spmd/dt_array.c $(spmd_headers) tests/spmd/dt_make.h \
	tests/spmd/dt_model.h tests/spmd/dt_tree.h
tests_spmd_dt_array_LDFLAGS = $(spmd_ldflags)
tests_spmd_dt_array_LDADD = libmpi_abi.la
tests_spmd_dt_basic_SOURCES = tests/spmd/dt_basic.c $(spmd_headers)
tests_spmd_dt_basic_LDFLAGS = $(spmd_ldflags)
tests_spmd_dt_basic_LDADD = libmpi_abi.la
tests_spmd_dt_contents_SOURCES = tests/spmd/dt_contents.c $(spmd_headers) tests/spmd/dt_make.h \
	tests/spmd/dt_model.h
tests_spmd_dt_contents_LDFLAGS = $(spmd_ldflags)
tests_spmd_dt_contents_LDADD = libmpi_abi.la
tests_spmd_dt_external_SOURCES = tests/spmd/dt_external.c $(spmd_headers)
tests_spmd_dt_external_LDFLAGS = $(spmd_ldflags)
tests_spmd_dt_external_LDADD = libmpi_abi.la
tests_spmd_dt_large_SOURCES = tests/spmd/dt_large.c $(spmd_headers)
tests_spmd_dt_large_LDFLAGS = $(spmd_ldflags)
tests_spmd_dt_large_LDADD = libmpi_abi.la
tests_spmd_dt_layout_SOURCES = tests/spmd/dt_layout.c $(spmd_headers)
tests_spmd_dt_layout_LDFLAGS = $(spmd_ldflags)
tests_spmd_dt_layout_LDADD = libmpi_abi.la
tests_spmd_dt_random_SOURCES = tests/spmd/dt_random.c $(spmd_headers) tests/spmd/dt_make.h \
	tests/spmd/dt_model.h tests/spmd/dt_tree.h
tests_spmd_dt_random_LDFLAGS = $(spmd_ldflags)
tests_spmd_dt_random_LDADD = libmpi_abi.la
tests_spmd_dt_sized_SOURCES = tests/spmd/dt_sized.c $(spmd_headers)
tests_spmd_dt_sized_LDFLAGS = $(spmd_ldflags)
tests_spmd_dt_sized_LDADD = libmpi_abi.la
tests_spmd_err_classes_SOURCES = tests/spmd/err_classes.c $(spmd_headers)
tests_spmd_err_classes_LDFLAGS = $(spmd_ldflags)
tests_spmd_err_classes_LDADD = libmpi_abi.la
tests_spmd_err_handlers_SOURCES = tests/spmd/err_handlers.c $(spmd_headers)
tests_spmd_err_handlers_LDFLAGS = $(spmd_ldflags)
tests_spmd_err_handlers_LDADD = libmpi_abi.la
tests_spmd_flow_bounded_SOURCES = tests/spmd/flow_bounded.c $(spmd_headers)
tests_spmd_flow_bounded_LDFLAGS = $(spmd_ldflags)
tests_spmd_flow_bounded_LDADD = libmpi_abi.la
tests_spmd_flow_exchange_SOURCES = tests/spmd/flow_exchange.c $(spmd_headers)
tests_spmd_flow_exchange_LDFLAGS = $(spmd_ldflags)
tests_spmd_flow_exchange_LDADD = libmpi_abi.la
tests_spmd_flow_flood_SOURCES = tests/spmd/flow_flood.c $(spmd_headers)
tests_spmd_flow_flood_LDFLAGS = $(spmd_ldflags)
tests_spmd_flow_flood_LDADD = libmpi_abi.la
tests_spmd_flow_late_SOURCES = tests/spmd/flow_late.c $(spmd_headers)
tests_spmd_flow_late_LDFLAGS = $(spmd_ldflags)
tests_spmd_flow_late_LDADD = libmpi_abi.la
tests_spmd_flow_reuse_SOURCES = tests/spmd/flow_reuse.c $(spmd_headers)
tests_spmd_flow_reuse_LDFLAGS = $(spmd_ldflags)
tests_spmd_flow_reuse_LDADD = libmpi_abi.la
tests_spmd_flow_window_SOURCES = tests/spmd/flow_window.c $(spmd_headers)
tests_spmd_flow_window_LDFLAGS = $(spmd_ldflags)
tests_spmd_flow_window_LDADD = libmpi_abi.la
tests_spmd_init_abort_SOURCES = tests/spmd/init_abort.c $(spmd_headers)
tests_spmd_init_abort_LDFLAGS = $(spmd_ldflags)
tests_spmd_init_abort_LDADD = libmpi_abi.la -lpthread
tests_spmd_init_basic_SOURCES = tests/spmd/init_basic.c $(spmd_headers)
tests_spmd_init_basic_LDFLAGS = $(spmd_ldflags)
tests_spmd_init_basic_LDADD = libmpi_abi.la
tests_spmd_init_finalize_SOURCES = tests/spmd/init_finalize.c $(spmd_headers)
tests_spmd_init_finalize_LDFLAGS = $(spmd_ldflags)
tests_spmd_init_finalize_LDADD = libmpi_abi.la
tests_spmd_init_memory_SOURCES = tests/spmd/init_memory.c $(spmd_headers)
tests_spmd_init_memory_LDFLAGS = $(spmd_ldflags)
tests_spmd_init_memory_LDADD = libmpi_abi.la
tests_spmd_init_thread_SOURCES = tests/spmd/init_thread.c $(spmd_headers)
tests_spmd_init_thread_LDFLAGS = $(spmd_ldflags)
tests_spmd_init_thread_LDADD = libmpi_abi.la -lpthread
tests_spmd_leak_SOURCES = tests/spmd/leak.c $(spmd_headers)
tests_spmd_leak_LDFLAGS = $(spmd_ldflags)
tests_spmd_leak_LDADD = libmpi_abi.la
tests_spmd_order_comms_SOURCES = tests/spmd/order_comms.c $(spmd_headers)
tests_spmd_order_comms_LDFLAGS = $(spmd_ldflags)
tests_spmd_order_comms_LDADD = libmpi_abi.la
tests_spmd_order_mixed_SOURCES = tests/spmd/order_mixed.c $(spmd_headers)
tests_spmd_order_mixed_LDFLAGS = $(spmd_ldflags)
tests_spmd_order_mixed_LDADD = libmpi_abi.la
tests_spmd_order_random_SOURCES = tests/spmd/order_random.c $(spmd_headers)
tests_spmd_order_random_LDFLAGS = $(spmd_ldflags)
tests_spmd_order_random_LDADD = libmpi_abi.la
tests_spmd_p2p_bsend_SOURCES = tests/spmd/p2p_bsend.c $(spmd_headers)
tests_spmd_p2p_bsend_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_bsend_LDADD = libmpi_abi.la
tests_spmd_p2p_count_SOURCES = tests/spmd/p2p_count.c $(spmd_headers)
tests_spmd_p2p_count_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_count_LDADD = libmpi_abi.la
tests_spmd_p2p_counts_SOURCES = tests/spmd/p2p_counts.c $(spmd_headers)
tests_spmd_p2p_counts_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_counts_LDADD = libmpi_abi.la
tests_spmd_p2p_huge_SOURCES = tests/spmd/p2p_huge.c $(spmd_headers)
tests_spmd_p2p_huge_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_huge_LDADD = libmpi_abi.la
tests_spmd_p2p_modes_SOURCES = tests/spmd/p2p_modes.c $(spmd_headers)
tests_spmd_p2p_modes_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_modes_LDADD = libmpi_abi.la
tests_spmd_p2p_null_SOURCES = tests/spmd/p2p_null.c $(spmd_headers)
tests_spmd_p2p_null_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_null_LDADD = libmpi_abi.la
tests_spmd_p2p_persist_SOURCES = tests/spmd/p2p_persist.c $(spmd_headers)
tests_spmd_p2p_persist_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_persist_LDADD = libmpi_abi.la
tests_spmd_p2p_probe_SOURCES = tests/spmd/p2p_probe.c $(spmd_headers)
tests_spmd_p2p_probe_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_probe_LDADD = libmpi_abi.la
tests_spmd_p2p_request_SOURCES = tests/spmd/p2p_request.c $(spmd_headers)
tests_spmd_p2p_request_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_request_LDADD = libmpi_abi.la
tests_spmd_p2p_push_SOURCES = tests/spmd/p2p_push.c $(spmd_headers)
tests_spmd_p2p_push_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_push_LDADD = libmpi_abi.la
tests_spmd_p2p_self_SOURCES = tests/spmd/p2p_self.c $(spmd_headers)
tests_spmd_p2p_self_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_self_LDADD = libmpi_abi.la
tests_spmd_p2p_sendrecv_SOURCES = tests/spmd/p2p_sendrecv.c $(spmd_headers)
tests_spmd_p2p_sendrecv_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_sendrecv_LDADD = libmpi_abi.la
tests_spmd_p2p_ways_SOURCES = tests/spmd/p2p_ways.c $(spmd_headers)
tests_spmd_p2p_ways_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_ways_LDADD = libmpi_abi.la
tests_spmd_p2p_sizes_SOURCES = tests/spmd/p2p_sizes.c $(spmd_headers)
tests_spmd_p2p_sizes_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_sizes_LDADD = libmpi_abi.la
tests_spmd_p2p_wait_SOURCES = tests/spmd/p2p_wait.c $(spmd_headers)
tests_spmd_p2p_wait_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_wait_LDADD = libmpi_abi.la
tests_spmd_p2p_wild_SOURCES = tests/spmd/p2p_wild.c $(spmd_headers)
tests_spmd_p2p_wild_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_wild_LDADD = libmpi_abi.la
tests_spmd_queue_posted_SOURCES = tests/spmd/queue_posted.c $(spmd_headers)
tests_spmd_queue_posted_LDFLAGS = $(spmd_ldflags)
tests_spmd_queue_posted_LDADD = libmpi_abi.la
tests_spmd_queue_unexpected_SOURCES = tests/spmd/queue_unexpected.c $(spmd_headers)
tests_spmd_queue_unexpected_LDFLAGS = $(spmd_ldflags)
tests_spmd_queue_unexpected_LDADD = libmpi_abi.la
tests_spmd_session_SOURCES = tests/spmd/session.c $(spmd_headers)
tests_spmd_session_LDFLAGS = $(spmd_ldflags)
tests_spmd_session_LDADD = libmpi_abi.la
tests_spmd_session_apart_SOURCES = tests/spmd/session_apart.c $(spmd_headers)
tests_spmd_session_apart_LDFLAGS = $(spmd_ldflags)
tests_spmd_session_apart_LDADD = libmpi_abi.la -ldl
tests_spmd_thread_pingpong_SOURCES = tests/spmd/thread_pingpong.c $(spmd_headers)
tests_spmd_thread_pingpong_LDFLAGS = $(spmd_ldflags)
tests_spmd_thread_pingpong_LDADD = libmpi_abi.la -lpthread
tests_spmd_thread_coll_SOURCES = tests/spmd/thread_coll.c $(coll_headers) $(spmd_headers)
tests_spmd_thread_coll_LDFLAGS = $(spmd_ldflags)
tests_spmd_thread_coll_LDADD = libmpi_abi.la -lpthread
tests_spmd_thread_storm_SOURCES = tests/spmd/thread_storm.c tests/spmd/storm_comm.h $(spmd_headers)
tests_spmd_thread_storm_LDFLAGS = $(spmd_ldflags)
tests_spmd_thread_storm_LDADD = libmpi_abi.la -lpthread
tests_spmd_thread_mixed_SOURCES = tests/spmd/thread_mixed.c $(spmd_headers)
tests_spmd_thread_mixed_LDFLAGS = $(spmd_ldflags)
tests_spmd_thread_mixed_LDADD = libmpi_abi.la -lpthread
tests_spmd_thread_lanes_SOURCES = tests/spmd/thread_lanes.c $(spmd_headers)
tests_spmd_thread_lanes_LDFLAGS = $(spmd_ldflags)
tests_spmd_thread_lanes_LDADD = libmpi_abi.la -lpthread
tests_spmd_thread_wait_SOURCES = tests/spmd/thread_wait.c $(spmd_headers)
tests_spmd_thread_wait_LDFLAGS = $(spmd_ldflags)
tests_spmd_thread_wait_LDADD = libmpi_abi.la -lpthread
tests_spmd_thread_wild_SOURCES = tests/spmd/thread_wild.c $(spmd_headers)
tests_spmd_thread_wild_LDFLAGS = $(spmd_ldflags)
tests_spmd_thread_wild_LDADD = libmpi_abi.la -lpthread
tests_spmd_tool_category_SOURCES = tests/spmd/tool_category.c tests/spmd/tool.h $(spmd_headers)
tests_spmd_tool_category_LDFLAGS = $(spmd_ldflags)
tests_spmd_tool_category_LDADD = libmpi_abi.la
tests_spmd_tool_cvar_SOURCES = tests/spmd/tool_cvar.c tests/spmd/tool.h $(spmd_headers)
tests_spmd_tool_cvar_LDFLAGS = $(spmd_ldflags)
tests_spmd_tool_cvar_LDADD = libmpi_abi.la
tests_spmd_tool_event_SOURCES = tests/spmd/tool_event.c tests/spmd/tool.h $(spmd_headers)
tests_spmd_tool_event_LDFLAGS = $(spmd_ldflags)
tests_spmd_tool_event_LDADD = libmpi_abi.la
tests_spmd_tool_pvar_SOURCES = tests/spmd/tool_pvar.c tests/spmd/tool.h $(spmd_headers)
tests_spmd_tool_pvar_LDFLAGS = $(spmd_ldflags)
tests_spmd_tool_pvar_LDADD = libmpi_abi.la
tests_spmd_tool_thread_SOURCES = tests/spmd/tool_thread.c tests/spmd/tool.h $(spmd_headers)
tests_spmd_tool_thread_LDFLAGS = $(spmd_ldflags)
tests_spmd_tool_thread_LDADD = libmpi_abi.la -lpthread
tests_spmd_topo_cart_SOURCES = tests/spmd/topo_cart.c $(spmd_headers)
tests_spmd_topo_cart_LDFLAGS = $(spmd_ldflags)
tests_spmd_topo_cart_LDADD = libmpi_abi.la
tests_spmd_topo_dist_SOURCES = tests/spmd/topo_dist.c $(spmd_headers)
tests_spmd_topo_dist_LDFLAGS = $(spmd_ldflags)
tests_spmd_topo_dist_LDADD = libmpi_abi.la
tests_spmd_topo_graph_SOURCES = tests/spmd/topo_graph.c $(spmd_headers)
tests_spmd_topo_graph_LDFLAGS = $(spmd_ldflags)
tests_spmd_topo_graph_LDADD = libmpi_abi.la
tests_spmd_topo_neighbor_SOURCES = tests/spmd/topo_neighbor.c tests/spmd/neighbor_model.h $(spmd_headers)
tests_spmd_topo_neighbor_LDFLAGS = $(spmd_ldflags)
tests_spmd_topo_neighbor_LDADD = libmpi_abi.la
tests_spmd_topo_reorder_SOURCES = tests/spmd/topo_reorder.c $(spmd_headers)
tests_spmd_topo_reorder_LDFLAGS = $(spmd_ldflags)
tests_spmd_topo_reorder_LDADD = libmpi_abi.la
tests_spmd_win_object_SOURCES = tests/spmd/win_object.c $(spmd_headers)
tests_spmd_win_object_LDFLAGS = $(spmd_ldflags)
tests_spmd_win_object_LDADD = libmpi_abi.la
tests_spmd_req_general_SOURCES = tests/spmd/req_general.c $(spmd_headers)
tests_spmd_req_general_LDFLAGS = $(spmd_ldflags)
tests_spmd_req_general_LDADD = libmpi_abi.la
tests_spmd_req_status_SOURCES = tests/spmd/req_status.c $(spmd_headers)
tests_spmd_req_status_LDFLAGS = $(spmd_ldflags)
tests_spmd_req_status_LDADD = libmpi_abi.la
tests_spmd_req_errors_SOURCES = tests/spmd/req_errors.c $(spmd_headers)
tests_spmd_req_errors_LDFLAGS = $(spmd_ldflags)
tests_spmd_req_errors_LDADD = libmpi_abi.la
tests_spmd_part_split_SOURCES = tests/spmd/part_split.c $(spmd_headers)
tests_spmd_part_split_LDFLAGS = $(spmd_ldflags)
tests_spmd_part_split_LDADD = libmpi_abi.la
tests_spmd_part_rules_SOURCES = tests/spmd/part_rules.c $(spmd_headers)
tests_spmd_part_rules_LDFLAGS = $(spmd_ldflags)
tests_spmd_part_rules_LDADD = libmpi_abi.la
tests_spmd_p2p_bsend_rooms_SOURCES = tests/spmd/p2p_bsend_rooms.c $(spmd_headers)
tests_spmd_p2p_bsend_rooms_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_bsend_rooms_LDADD = libmpi_abi.la
tests_spmd_p2p_random_SOURCES = tests/spmd/p2p_random.c $(spmd_headers)
tests_spmd_p2p_random_LDFLAGS = $(spmd_ldflags)
tests_spmd_p2p_random_LDADD = libmpi_abi.la
tests_spmd_thread_requests_SOURCES = tests/spmd/thread_requests.c $(spmd_headers)
tests_spmd_thread_requests_LDFLAGS = $(spmd_ldflags)
tests_spmd_thread_requests_LDADD = libmpi_abi.la -lpthread
tests_spmd_trunc_SOURCES = tests/spmd/trunc.c $(spmd_headers)
tests_spmd_trunc_LDFLAGS = $(spmd_ldflags)
tests_spmd_trunc_LDADD = libmpi_abi.la
tests_spmd_wait_cpu_SOURCES = tests/spmd/wait_cpu.c $(spmd_headers)
tests_spmd_wait_cpu_LDFLAGS = $(spmd_ldflags)
tests_spmd_wait_cpu_LDADD = libmpi_abi.la
tests_spmd_wait_home_SOURCES = tests/spmd/wait_home.c $(spmd_headers)
tests_spmd_wait_home_LDFLAGS = $(spmd_ldflags)
tests_spmd_wait_home_LDADD = libmpi_abi.la

spmd_scripts = \
	tests/spmd/abort.sh \
	tests/spmd/start.sh \
	tests/spmd/spmd-coll.sh \
	tests/spmd/spmd-comm.sh \
	tests/spmd/spmd-flow.sh \
	tests/spmd/spmd-huge.sh \
	tests/spmd/spmd-init.sh \
	tests/spmd/spmd-leak.sh \
	tests/spmd/spmd-nodes.sh \
	tests/spmd/spmd-order.sh \
	tests/spmd/spmd-p2p.sh \
	tests/spmd/spmd-queue.sh \
	tests/spmd/spmd-thread.sh \
	tests/spmd/spmd-tool.sh \
	tests/spmd/spmd-topo.sh \
	tests/spmd/spmd-trunc.sh \
	tests/spmd/spmd-type.sh \
	tests/spmd/spmd-wait.sh
TESTS += $(spmd_scripts)
dist_check_SCRIPTS += $(spmd_scripts) tests/spmd/run-spmd.sh
EXTRA_DIST += tests/spmd/matrix tests/spmd/defaults.sh tests/spmd/lsan.supp
