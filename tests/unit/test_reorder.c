/* Placing grids and graphs on nodes: neighbours come together, nobody is lost, and nothing gets worse. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "unit.h"

#include <string.h>

#include "../../src/topology/reorder.h"

enum { MAX = 4096 };

static struct tri_location places[MAX];
static int process_of[MAX];

/* How processes are numbered over nodes. */
static void in_blocks(int count, int each)
{
    for (int i = 0; i < count; i++) {
        places[i] = (struct tri_location){.node = 10 * (i / each), .domain = -1};
    }
}

static void round_robin(int count, int nodes)
{
    for (int i = 0; i < count; i++) {
        places[i] = (struct tri_location){.node = i % nodes, .domain = -1};
    }
}

static void check_permutation(int count)
{
    char seen[MAX] = {0};
    for (int i = 0; i < count; i++) {
        assert_in_range(process_of[i], 0, count - 1);
        assert_false(seen[process_of[i]]);
        seen[process_of[i]] = 1;
    }
}

static int is_identity(int count)
{
    for (int i = 0; i < count; i++) {
        if (process_of[i] != i) {
            return 0;
        }
    }
    return 1;
}

/* Reorders for the places and checks what holds for all. */
static struct tri_closeness reorder(const struct tri_adjacency *graph, const struct tri_grid *grid)
{
    struct tri_closeness before = tri_reorder_closeness(graph, places, NULL);
    memset(process_of, 0xff, sizeof process_of);
    tri_reorder(graph, grid, places, process_of);
    check_permutation(graph->vertices);
    struct tri_closeness after = tri_reorder_closeness(graph, places, process_of);
    assert_true(after.node >= before.node);
    assert_true(after.node > before.node || after.domain >= before.domain);
    assert_true(after.node > before.node || after.domain > before.domain || is_identity(graph->vertices));
    return after;
}

struct layout {
    int ndims, dims[4], periods[4];
    int nodes; /* round robin; 0: in blocks of each */
    int each;
    int pairs;  /* of neighbours */
    int before; /* of them on a node */
    int after;  /* at least */
};

static void test_grids(void **state)
{
    (void)state;
    const struct layout layouts[] = {
        /* 4 nodes x 8: rows of nodes, or columns one rank wide, become bricks of 4 x 2 */
        {2, {8, 4}, {0, 0}, 0, 8, 52, 40, 40},
        {2, {8, 4}, {0, 0}, 4, 0, 52, 28, 40},
        {2, {4, 8}, {0, 0}, 0, 8, 52, 28, 40},
        {2, {4, 8}, {0, 0}, 4, 0, 52, 24, 40},
        {2, {8, 4}, {1, 1}, 4, 0, 64, 32, 48},
        {3, {4, 4, 2}, {0, 0, 0}, 0, 8, 64, 40, 48},
        {3, {4, 4, 2}, {0, 0, 0}, 4, 0, 64, 24, 48},
        {3, {8, 8, 8}, {0, 0, 0}, 8, 0, 1344, 896, 1152},
        /* rings */
        {1, {32}, {1}, 4, 0, 32, 0, 28},
        {1, {32}, {1}, 0, 8, 32, 28, 28},
        {1, {31}, {0}, 4, 0, 30, 0, 27},
        /* nodes that no brick fits on */
        {2, {9, 7}, {0, 0}, 8, 0, 110, 0, 77},
        {2, {9, 7}, {0, 0}, 0, 8, 110, 55, 77},
        {2, {5, 6}, {0, 0}, 5, 0, 49, 0, 35},
        {2, {60, 60}, {0, 0}, 0, 48, 7080, 3480, 6140},
        /* a process a node, and all on one */
        {2, {4, 4}, {0, 0}, 16, 0, 24, 0, 0},
        {2, {4, 4}, {0, 0}, 1, 0, 24, 24, 24},
        {2, {1, 8}, {0, 1}, 2, 0, 8, 0, 6},
    };
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        const struct layout *l = &layouts[i];
        const struct tri_grid grid = {l->ndims, l->dims, l->periods};
        struct tri_adjacency graph;
        if (l->nodes > 0) {
            round_robin(tri_grid_size(&grid), l->nodes);
        } else {
            in_blocks(tri_grid_size(&grid), l->each);
        }
        tri_grid_adjacency(&grid, &graph);
        assert_int_equal(tri_adjacency_weight(&graph), l->pairs);
        assert_int_equal(tri_reorder_closeness(&graph, places, NULL).node, l->before);
        struct tri_closeness after = reorder(&graph, &grid);
        if (after.node < l->after) {
            fail_msg("layout %zu: %d pairs on a node, not %d", i, (int)after.node, l->after);
        }
        tri_adjacency_free(&graph);
    }
}

/* Nodes of different sizes, ranks dealt out at random. */
static void test_uneven_nodes(void **state)
{
    (void)state;
    struct dice dice = dice_start(5);
    for (int round = 0; round < 60; round++) {
        int dims[] = {(int)dice_between(&dice, 1, 9), (int)dice_between(&dice, 1, 9), (int)dice_between(&dice, 1, 5)};
        int periods[] = {dice_chance(&dice, 50), dice_chance(&dice, 50), dice_chance(&dice, 50)};
        const struct tri_grid grid = {3, dims, periods};
        int count = tri_grid_size(&grid), nodes = (int)dice_between(&dice, 1, 6);
        for (int i = 0; i < count; i++) {
            places[i].node = (int)(dice_between(&dice, 0, nodes) * dice_between(&dice, 0, 1));
            places[i].domain = (int)dice_between(&dice, -1, 2);
        }
        struct tri_adjacency graph;
        tri_grid_adjacency(&grid, &graph);
        (void)reorder(&graph, &grid);
        tri_adjacency_free(&graph);
    }
}

/* Two domains a node, ranks alternate between them: a plane of 4 x 4 a node, halves of it a domain. */
static void test_domains(void **state)
{
    (void)state;
    const int dims[] = {8, 4}, periods[] = {0, 0};
    const struct tri_grid grid = {2, dims, periods};
    struct tri_adjacency graph;
    for (int i = 0; i < 32; i++) {
        places[i] = (struct tri_location){.node = i / 16, .domain = i % 2};
    }
    tri_grid_adjacency(&grid, &graph);
    struct tri_closeness before = tri_reorder_closeness(&graph, places, NULL), after = reorder(&graph, &grid);
    assert_int_equal(before.node, 48);
    assert_int_equal(before.domain, 24);
    assert_int_equal(after.node, 48);
    assert_int_equal(after.domain, 40);
    tri_adjacency_free(&graph);
}

/* Cliques joined by single edges, with the members of each strewn over all nodes. */
static void test_cliques(void **state)
{
    (void)state;
    enum { CLIQUES = 6, MEMBERS = 5, COUNT = CLIQUES * MEMBERS };
    struct tri_edge edges[COUNT * MEMBERS];
    int used = 0;
    for (int i = 0; i < COUNT; i++) {
        for (int k = i + CLIQUES; k < COUNT; k += CLIQUES) {
            edges[used++] = (struct tri_edge){i, k, 1};
        }
    }
    for (int i = 0; i + 1 < CLIQUES; i++) {
        edges[used++] = (struct tri_edge){i, i + 1, 1};
    }
    in_blocks(COUNT, MEMBERS);
    struct tri_adjacency graph;
    tri_adjacency_make(&graph, COUNT, edges, used);
    assert_int_equal(tri_adjacency_weight(&graph), CLIQUES * 10 + CLIQUES - 1);
    assert_int_equal(reorder(&graph, NULL).node, CLIQUES * 10);
    tri_adjacency_free(&graph);
}

/* Points in a square that are neighbours when they are close: growing halves alone leaves 87 of 100 pairs together. */
static void test_points(void **state)
{
    (void)state;
    enum { POINTS = 200, NEAR = 100 };
    static struct tri_edge edges[POINTS * POINTS];
    struct dice dice = dice_start(7);
    int64_t pairs = 0, together = 0;
    round_robin(POINTS, 8);
    for (int round = 0; round < 20; round++) {
        int64_t x[POINTS], y[POINTS];
        int used = 0;
        for (int i = 0; i < POINTS; i++) {
            x[i] = dice_between(&dice, 0, 999);
            y[i] = dice_between(&dice, 0, 999);
            for (int k = 0; k < i; k++) {
                if ((x[i] - x[k]) * (x[i] - x[k]) + (y[i] - y[k]) * (y[i] - y[k]) < NEAR * NEAR) {
                    edges[used++] = (struct tri_edge){i, k, 1};
                }
            }
        }
        struct tri_adjacency graph;
        tri_adjacency_make(&graph, POINTS, edges, used);
        pairs += used;
        together += reorder(&graph, NULL).node;
        tri_adjacency_free(&graph);
    }
    assert_true(100 * together >= 90 * pairs);
}

/* Pairs that exchange much, in a ring of those that exchange little: weights decide. Loops do not count. */
static void test_weights(void **state)
{
    (void)state;
    struct tri_edge edges[24];
    for (int i = 0; i < 8; i++) {
        edges[i] = (struct tri_edge){i, (i + 1) % 8, 1};
        edges[8 + i] = (struct tri_edge){i, (i + 4) % 8, 50};
        edges[16 + i] = (struct tri_edge){i, i, 1000};
    }
    in_blocks(8, 2);
    struct tri_adjacency graph;
    tri_adjacency_make(&graph, 8, edges, 24);
    assert_int_equal(tri_adjacency_weight(&graph), 8 + 8 * 50);
    assert_int_equal(tri_reorder_closeness(&graph, places, NULL).node, 4);
    assert_int_equal(reorder(&graph, NULL).node, 8 * 50);
    tri_adjacency_free(&graph);
}

/* Vertices without edges, several components, one vertex, none on a node of its own. */
static void test_loose_graphs(void **state)
{
    (void)state;
    struct dice dice = dice_start(6);
    for (int round = 0; round < 100; round++) {
        int count = (int)dice_between(&dice, 1, 40), edge_count = (int)dice_between(&dice, 0, 60);
        struct tri_edge edges[60];
        for (int i = 0; i < edge_count; i++) {
            edges[i] = (struct tri_edge){(int)dice_between(&dice, 0, count - 1), (int)dice_between(&dice, 0, count - 1),
                                         (int)dice_between(&dice, 0, 3)};
        }
        for (int i = 0; i < count; i++) {
            places[i] = (struct tri_location){(int)dice_between(&dice, 0, 4), (int)dice_between(&dice, 0, 1)};
        }
        struct tri_adjacency graph;
        tri_adjacency_make(&graph, count, edges, edge_count);
        (void)reorder(&graph, NULL);
        tri_adjacency_free(&graph);
    }
}

/* All processes choose alone: the same input must give the same order. */
static void test_repeats(void **state)
{
    (void)state;
    const int dims[] = {7, 11}, periods[] = {0, 1};
    const struct tri_grid grid = {2, dims, periods};
    static int first[MAX];
    struct tri_adjacency graph;
    tri_grid_adjacency(&grid, &graph);
    round_robin(77, 5);
    for (int round = 0; round < 3; round++) {
        (void)reorder(&graph, &grid);
        if (round == 0) {
            memcpy(first, process_of, sizeof first);
        }
        assert_memory_equal(first, process_of, 77 * sizeof *first);
    }
    tri_adjacency_free(&graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grids),        cmocka_unit_test(test_uneven_nodes), cmocka_unit_test(test_domains),
        cmocka_unit_test(test_cliques),      cmocka_unit_test(test_points),       cmocka_unit_test(test_weights),
        cmocka_unit_test(test_loose_graphs), cmocka_unit_test(test_repeats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
