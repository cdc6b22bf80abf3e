# Benchmarks: sources and scripts that any MPI compiles, shipped but not installed; tests/bench builds mpbench.
# SPDX-License-Identifier: BSD-3-Clause
bench_common = \
	benchmarks/common/bench.h \
	benchmarks/common/cli.c \
	benchmarks/common/list.c \
	benchmarks/common/table.c \
	benchmarks/common/tools.c

mpbench_sources = \
	benchmarks/mpbench/allgather.c \
	benchmarks/mpbench/allreduce.c \
	benchmarks/mpbench/alltoall.c \
	benchmarks/mpbench/bandwidth.c \
	benchmarks/mpbench/barrier.c \
	benchmarks/mpbench/bcast.c \
	benchmarks/mpbench/bibandwidth.c \
	benchmarks/mpbench/collective.c \
	benchmarks/mpbench/contents.c \
	benchmarks/mpbench/crossover.c \
	benchmarks/mpbench/datatype.c \
	benchmarks/mpbench/depth.c \
	benchmarks/mpbench/flood.c \
	benchmarks/mpbench/gather.c \
	benchmarks/mpbench/harness.c \
	benchmarks/mpbench/init.c \
	benchmarks/mpbench/latency.c \
	benchmarks/mpbench/main.c \
	benchmarks/mpbench/mpbench.h \
	benchmarks/mpbench/pingpong.c \
	benchmarks/mpbench/pipeline.c \
	benchmarks/mpbench/pipeline.h \
	benchmarks/mpbench/plan.c \
	benchmarks/mpbench/rate.c \
	benchmarks/mpbench/reduce.c \
	benchmarks/mpbench/reduce_scatter.c \
	benchmarks/mpbench/scan.c \
	benchmarks/mpbench/scatter.c \
	benchmarks/mpbench/shapes.c \
	benchmarks/mpbench/shapes.h \
	benchmarks/mpbench/stream.c \
	benchmarks/mpbench/threads.c \
	benchmarks/mpbench/tune.c \
	benchmarks/mpbench/tune_turn.c \
	$(bench_common)

limits_sources = \
	benchmarks/limits/cacheline.c \
	benchmarks/limits/cma.c \
	benchmarks/limits/harness.c \
	benchmarks/limits/limits.h \
	benchmarks/limits/main.c \
	benchmarks/limits/memcpy.c \
	benchmarks/limits/tcp.c \
	benchmarks/limits/tcp_socket.c

EXTRA_DIST += \
	benchmarks/build \
	benchmarks/compare \
	benchmarks/compare.d/cell.awk \
	benchmarks/compare.d/collectives.awk \
	benchmarks/compare.d/collectives.bash \
	benchmarks/compare.d/items.bash \
	benchmarks/compare.d/nodes.bash \
	benchmarks/compare.d/peers.bash \
	benchmarks/compare.d/plot.bash \
	benchmarks/compare.d/report.awk \
	benchmarks/compare.d/values.awk \
	benchmarks/crossover \
	benchmarks/startup \
	benchmarks/startup.d/meet.c \
	$(limits_sources) \
	$(mpbench_sources)
