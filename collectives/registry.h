/* The list of algorithms: to add one is to add its file and its line here. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_REGISTRY_H
#define TRI_REGISTRY_H

#include "collectives.h"

#define TRI_ALGORITHMS(X)                                                                                              \
    X(allgather_bruck)                                                                                                 \
    X(allgather_doubling)                                                                                              \
    X(allgather_neighbor)                                                                                              \
    X(allgather_ring)                                                                                                  \
    X(allreduce_binary)                                                                                                \
    X(allreduce_doubling)                                                                                              \
    X(allreduce_rabenseifner)                                                                                          \
    X(allreduce_ring)                                                                                                  \
    X(alltoall_bruck)                                                                                                  \
    X(alltoall_linear)                                                                                                 \
    X(alltoall_pairwise)                                                                                               \
    X(barrier_dissemination)                                                                                           \
    X(barrier_tree)                                                                                                    \
    X(bcast_binary)                                                                                                    \
    X(bcast_binomial)                                                                                                  \
    X(bcast_chain)                                                                                                     \
    X(bcast_knomial)                                                                                                   \
    X(bcast_scatter_allgather)                                                                                         \
    X(board_allgather)                                                                                                 \
    X(board_allreduce)                                                                                                 \
    X(board_alltoall)                                                                                                  \
    X(board_barrier)                                                                                                   \
    X(board_bcast)                                                                                                     \
    X(board_exscan)                                                                                                    \
    X(board_gather)                                                                                                    \
    X(board_reduce)                                                                                                    \
    X(board_reduce_scatter)                                                                                            \
    X(board_scan)                                                                                                      \
    X(board_scatter)                                                                                                   \
    X(board_shared_allreduce)                                                                                          \
    X(board_shared_reduce)                                                                                             \
    X(exscan_chain)                                                                                                    \
    X(exscan_doubling)                                                                                                 \
    X(gather_binomial)                                                                                                 \
    X(gather_linear)                                                                                                   \
    X(inter_allgather)                                                                                                 \
    X(inter_allreduce)                                                                                                 \
    X(inter_alltoall)                                                                                                  \
    X(inter_barrier)                                                                                                   \
    X(inter_bcast)                                                                                                     \
    X(inter_gather)                                                                                                    \
    X(inter_reduce)                                                                                                    \
    X(inter_reduce_scatter)                                                                                            \
    X(inter_scatter)                                                                                                   \
    X(levels_allreduce)                                                                                                \
    X(levels_barrier)                                                                                                  \
    X(levels_bcast)                                                                                                    \
    X(levels_reduce)                                                                                                   \
    X(neighbor_allgather_linear)                                                                                       \
    X(neighbor_alltoall_linear)                                                                                        \
    X(reduce_binary)                                                                                                   \
    X(reduce_binomial)                                                                                                 \
    X(reduce_chain)                                                                                                    \
    X(reduce_knomial)                                                                                                  \
    X(reduce_rabenseifner)                                                                                             \
    X(reduce_scatter_binomial)                                                                                         \
    X(reduce_scatter_halving)                                                                                          \
    X(reduce_scatter_pairwise)                                                                                         \
    X(reduce_scatter_ring)                                                                                             \
    X(scan_chain)                                                                                                      \
    X(scan_doubling)                                                                                                   \
    X(scatter_binomial)                                                                                                \
    X(scatter_linear)

#define TRI_ALGORITHM_DECLARE(name) extern const struct tri_algorithm tri_##name;
TRI_ALGORITHMS(TRI_ALGORITHM_DECLARE)

#endif
