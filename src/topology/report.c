/* What a new order of processes has brought, for TRIREME_VERBOSE. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>

#include "../runtime/log.h"
#include "../runtime/variables.h"
#include "topology.h"

/* A map has at most so many rows and columns. */
enum { ROWS_MAX = 64, COLUMNS_MAX = 64 };

static double percent(int64_t part, int64_t all)
{
    return all > 0 ? 100.0 * (double)part / (double)all : 100.0;
}

/* A pair counts as often as its weight says. */
static void report_shares(const struct tri_comm *comm, const struct tri_adjacency *graph,
                          const struct tri_location *places, const int *process_of)
{
    int64_t all = tri_adjacency_weight(graph);
    struct tri_closeness before = tri_reorder_closeness(graph, places, NULL);
    struct tri_closeness after = tri_reorder_closeness(graph, places, process_of);
    tri_log_note("%s on %s: %.1f%% of the %lld neighbour pairs share a node, %.1f%% before reordering; "
                 "%.1f%% share a NUMA domain of it, too, %.1f%% before",
                 tri_errhandler_function, tri_comm_name(comm), percent(after.node, all), (long long)all,
                 percent(before.node, all), percent(after.domain, all), percent(before.domain, all));
}

/* Nodes numbered from 0 in the order of their first processes: the number of each process's node, to be freed. */
static int *number_nodes(const struct tri_location *places, int count)
{
    int *numbers = tri_memory_take((size_t)count * sizeof *numbers), used = 0;
    for (int i = 0; i < count; i++) {
        int first = 0;
        while (places[first].node != places[i].node) {
            first++;
        }
        numbers[i] = first < i ? numbers[first] : used++;
    }
    return numbers;
}

/* The coordinates of the row, without the last dimension. */
static int write_head(const struct tri_grid *grid, int row, char *text, size_t room)
{
    int used = snprintf(text, room, "nodes at (");
    int rows = tri_grid_size(grid) / grid->dims[grid->ndims - 1];
    for (int i = 0; i < grid->ndims - 1; i++) {
        rows /= grid->dims[i];
        used += snprintf(text + used, room - (size_t)used, "%d,", row / rows % grid->dims[i]);
    }
    return used + snprintf(text + used, room - (size_t)used, "*):");
}

static void report_map(const struct tri_grid *grid, const struct tri_location *places, const int *process_of)
{
    char text[1000];
    int columns = grid->dims[grid->ndims - 1], rows = tri_grid_size(grid) / columns;
    int *numbers = number_nodes(places, rows * columns);
    for (int row = 0; row < rows; row++) {
        int used = write_head(grid, row, text, sizeof text);
        for (int i = 0; i < columns; i++) {
            int number = numbers[process_of[row * columns + i]];
            used += snprintf(text + used, sizeof text - (size_t)used, " %3d", number);
        }
        tri_log_note("%s", text);
    }
    free(numbers);
}

void tri_topology_report(const struct tri_comm *comm, const struct tri_adjacency *graph, const struct tri_grid *grid,
                         const struct tri_location *places, const int *process_of)
{
    if (tri_variable_number(TRI_VAR_VERBOSE) == 0) {
        return;
    }
    report_shares(comm, graph, places, process_of);
    bool map = grid && grid->ndims > 0 && grid->ndims <= 16 && grid->dims[grid->ndims - 1] <= COLUMNS_MAX &&
               graph->vertices / grid->dims[grid->ndims - 1] <= ROWS_MAX;
    if (map) {
        report_map(grid, places, process_of);
    }
}
