# local.mk: the library itself.
# SPDX-License-Identifier: BSD-3-Clause
tri_api_sources = src/api/attribute.c src/api/bsend.c src/api/check.c src/api/collective.c src/api/collective_arguments.c \
	src/api/collective_nonblocking.c src/api/collective_persistent.c \
	src/api/comm.c src/api/comm_info.c src/api/datatype.c src/api/datatype_array.c \
	src/api/datatype_query.c src/api/datatype_sized.c src/api/environment.c src/api/errhandler.c \
	src/api/errors.c src/api/fortran.c src/api/get_status.c src/api/grequest.c src/api/group.c \
	src/api/handles.c src/api/info.c src/api/instance.c src/api/lanes.c src/api/intercomm.c \
	src/api/neighborhood.c src/api/neighborhood_arguments.c src/api/op.c src/api/pack.c \
	src/api/partitioned.c src/api/receive.c src/api/request.c src/api/send.c src/api/sendrecv.c \
	src/api/session.c src/api/status.c src/api/topology_cart.c src/api/topology_dist_graph.c \
	src/api/topology_graph.c src/api/wait.c src/api/window.c \
	$(tri_tools_sources)

tri_api_headers = src/api/api.h src/api/collectives.h src/api/instance.h src/api/requests.h \
	src/api/topology.h

tri_tools_sources = src/tools/category.c src/tools/cvar.c src/tools/enum.c src/tools/event.c \
	src/tools/event_info.c src/tools/event_instance.c src/tools/init.c src/tools/pvar.c \
	src/tools/pvar_info.c src/tools/pvar_session.c

tri_runtime_sources = src/runtime/attribute.c src/runtime/attribute.h src/runtime/base.h \
	src/runtime/cache.c src/runtime/cache.h src/runtime/clock.h \
	src/runtime/counters.c src/runtime/counters.h src/runtime/counts.h src/runtime/handles.c \
	src/runtime/handles.h src/runtime/hardware.c src/runtime/hardware.h \
	src/runtime/home.c src/runtime/home.h src/runtime/info.c \
	src/runtime/info.h src/runtime/info_env.c src/runtime/job.c src/runtime/job.h \
	src/runtime/lane.c src/runtime/lane.h src/runtime/launcher.h src/runtime/locality.c \
	src/runtime/locality.h src/runtime/log.c src/runtime/log.h \
	src/runtime/membarrier.c src/runtime/membarrier.h src/runtime/network.c \
	src/runtime/network.h src/runtime/object.c src/runtime/object.h \
	src/runtime/pmi2.c src/runtime/pmix.c src/runtime/progress.c src/runtime/progress.h \
	src/runtime/variables.c src/runtime/variables.h \
	src/runtime/variables_file.c src/runtime/variables_file.h src/runtime/wait.c src/runtime/wait.h

tri_object_sources = src/comm/cache.c src/comm/comm.c src/comm/comm.h src/comm/context.c \
	src/comm/errhandler.c src/comm/errhandler.h src/comm/error_codes.c src/comm/error_table.c \
	src/comm/group.c src/comm/group.h src/comm/idup.c src/comm/intercomm.c src/comm/nodes.c src/comm/nodes.h src/comm/session.c \
	src/comm/session.h src/comm/split.c src/comm/split_type.c src/datatype/basic_types.h \
	src/datatype/datatype.c src/datatype/datatype.h src/datatype/external.c src/datatype/external.h \
	src/datatype/layout.c src/datatype/layout.h src/datatype/layout_copy.c \
	src/datatype/predefined.c src/datatype/predefined.h src/datatype/recipe.c src/datatype/recipe.h \
	src/datatype/unnamed.c src/op/kernels.c src/op/op.c src/op/op.h src/request/grequest.c \
	src/request/grequest.h src/request/request.c src/request/request.h \
	src/rma/window.c src/rma/window.h

tri_topology_sources = src/topology/adjacency.c src/topology/bisect.c src/topology/bricks.c \
	src/topology/cart.c src/topology/dims.c src/topology/dims.h src/topology/dist_graph.c \
	src/topology/exchange.c src/topology/graph.c src/topology/place.c src/topology/reorder.c \
	src/topology/reorder.h src/topology/report.c src/topology/topology.c src/topology/topology.h

tri_p2p_sources = src/p2p/ask.c src/p2p/bsend.c src/p2p/bsend.h src/p2p/cancel.c src/p2p/engine.h \
	src/p2p/p2p.c src/p2p/p2p.h src/p2p/packet.h src/p2p/partitioned.c src/p2p/partitioned.h \
	src/p2p/peer.c src/p2p/queue.c src/p2p/queue.h src/p2p/receive.c src/p2p/rendezvous.c \
	src/p2p/push.c src/p2p/send.c src/p2p/share.c src/p2p/slots.c src/p2p/slots.h src/p2p/way.c

tri_transport_sources = transports/laned.c transports/laned.h transports/transport.h transports/self/self.c transports/self/self.h \
	transports/shm/attach.c transports/shm/doorbell.c transports/shm/endpoint.c \
	transports/shm/numa.c transports/shm/numa.h transports/shm/receive.c transports/shm/segment.c transports/shm/send.c \
	transports/shm/shm.c transports/shm/shm.h

# The unit tests have other makers of boards, and other lists of algorithms.
tri_collective_sources = $(tri_collective_core) collectives/board_domains.c collectives/board_make.c \
	collectives/registry.c
# A file an algorithm (or its forms), a line a file: registry_list.h is made from them.
tri_algorithm_sources = \
	collectives/allgather_bruck.c \
	collectives/allgather_doubling.c \
	collectives/allgather_neighbor.c \
	collectives/allgather_ring.c \
	collectives/allreduce_binary.c \
	collectives/allreduce_doubling.c \
	collectives/allreduce_rabenseifner.c \
	collectives/allreduce_ring.c \
	collectives/alltoall_bruck.c \
	collectives/alltoall_linear.c \
	collectives/alltoall_pairwise.c \
	collectives/barrier_dissemination.c \
	collectives/barrier_tree.c \
	collectives/bcast_binary.c \
	collectives/bcast_binomial.c \
	collectives/bcast_chain.c \
	collectives/bcast_knomial.c \
	collectives/bcast_scatter_allgather.c \
	collectives/bcast_two_trees.c \
	collectives/board_allgather.c \
	collectives/board_allreduce.c \
	collectives/board_alltoall.c \
	collectives/board_barrier.c \
	collectives/board_bcast.c \
	collectives/board_gather.c \
	collectives/board_reduce.c \
	collectives/board_reduce_scatter.c \
	collectives/board_scan.c \
	collectives/board_scatter.c \
	collectives/board_shared.c \
	collectives/gather_binomial.c \
	collectives/gather_linear.c \
	collectives/inter_allgather.c \
	collectives/inter_allreduce.c \
	collectives/inter_alltoall.c \
	collectives/inter_barrier.c \
	collectives/inter_bcast.c \
	collectives/inter_gather.c \
	collectives/inter_reduce.c \
	collectives/inter_reduce_scatter.c \
	collectives/inter_scatter.c \
	collectives/domains_barrier.c \
	collectives/domains_reduce.c \
	collectives/levels_allgather.c \
	collectives/levels_alltoall.c \
	collectives/levels_barrier.c \
	collectives/levels_bcast.c \
	collectives/levels_reduce.c \
	collectives/neighbor_linear.c \
	collectives/read_allgather.c \
	collectives/read_alltoall.c \
	collectives/read_reduce.c \
	collectives/reduce_binary.c \
	collectives/reduce_binomial.c \
	collectives/reduce_chain.c \
	collectives/reduce_knomial.c \
	collectives/reduce_rabenseifner.c \
	collectives/reduce_scatter_binomial.c \
	collectives/reduce_scatter_halving.c \
	collectives/reduce_scatter_pairwise.c \
	collectives/reduce_scatter_ring.c \
	collectives/scan_chain.c \
	collectives/scan_doubling.c \
	collectives/scatter_binomial.c \
	collectives/scatter_linear.c
tri_collective_core = $(tri_algorithm_sources) collectives/binary.c collectives/binary.h \
	collectives/board.c collectives/board.h collectives/board_steps.c \
	collectives/board_steps.h collectives/collectives.h collectives/domains.c \
	collectives/domains.h collectives/fold.c \
	collectives/fold.h collectives/inter.h collectives/internal.c collectives/levels.c \
	collectives/levels.h collectives/local.c collectives/local.h collectives/model.c \
	collectives/model.h collectives/own.c collectives/own.h collectives/parts.c \
	collectives/parts.h collectives/plan.c collectives/plan.h collectives/registry.h \
	collectives/ring.c collectives/ring.h collectives/run.c collectives/run.h \
	collectives/schedule.c collectives/schedule.h collectives/select.c \
	collectives/select.h collectives/start.c collectives/trees.c collectives/trees.h \
	collectives/tuning.c collectives/tuning.h

collectives/registry_list.h: $(tri_algorithm_sources)
	$(AM_V_GEN)$(MKDIR_P) collectives && cd $(srcdir) && { echo '#define TRI_ALGORITHMS(X) \' && \
	sed -n 's/^const struct tri_algorithm tri_\([a-z_]*\) = .*/    X(\1) \\/p' $(tri_algorithm_sources) && \
	echo; } > $(abs_top_builddir)/$@.new
	$(AM_V_at)mv $@.new $@
BUILT_SOURCES += collectives/registry_list.h
CLEANFILES += collectives/registry_list.h

libmpi_abi_la_SOURCES = $(tri_api_sources) $(tri_api_headers) src/tools/errors.c src/tools/event.h \
	src/tools/pvar.h src/tools/pvar_table.c src/tools/pvar_table.h src/tools/tools.h \
	$(tri_runtime_sources) \
	$(tri_object_sources) $(tri_topology_sources) $(tri_p2p_sources) $(tri_transport_sources) $(tri_collective_sources)
nodist_libmpi_abi_la_SOURCES = src/abi/faces.c src/abi/api_protos.h
libmpi_abi_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src/api -Isrc/abi \
	$(TRI_NETWORKS) -DTRI_MODULE_DIR='"$(pkglibdir)"'
libmpi_abi_la_CFLAGS = $(AM_CFLAGS) $(OPENMP_SIMD_CFLAGS) -fno-semantic-interposition -pthread $(PMIX_CFLAGS) $(HWLOC_CFLAGS)
libmpi_abi_la_LDFLAGS = -version-info 1:0:0 -Wl,--version-script=src/abi/libmpi_abi.map -Wl,-z,defs
libmpi_abi_la_LIBADD = $(PMIX_LIBS) $(HWLOC_LIBS) -lpthread -ldl
EXTRA_libmpi_abi_la_DEPENDENCIES = src/abi/libmpi_abi.map
