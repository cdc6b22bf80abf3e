/* dt_array.c - distributed arrays and subarrays against a model of single elements: every process
 * of many grids, the parts of all processes together, compact layouts, wrong arguments. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "dt_tree.h"

/* Type and model have the same elements in the same order: bytes that tell where they come from. */
static void same_bytes(const struct tree *t, const char *what)
{
    int size = tree_size(t), at = 0;
    unsigned char *memory = malloc((size_t)(t->ub + 64)), *packed = malloc((size_t)size + 1);
    MPI_Aint lb = -1, extent = -1, low, high;
    MPI_Datatype type = t->type;
    int same = 1;

    t_fill(memory, (size_t)(t->ub + 64), 3);
    MPI_Type_commit(&type);
    CHECK_OK(MPI_Pack(memory, 1, t->type, packed, size, &at, MPI_COMM_WORLD));
    CHECK(at == size, "%s: %d bytes, not %d", what, at, size);
    for (int i = 0, k = 0; i < t->n; i++) {
        int bytes = tree_kind_size(t->map[i].kind);
        same = same && memcmp(packed + k, memory + t->map[i].disp, (size_t)bytes) == 0;
        k += bytes;
    }
    CHECK(same, "%s: packed otherwise than the model", what);
    MPI_Type_get_extent(t->type, &lb, &extent);
    CHECK(lb == 0 && extent == t->ub, "%s: lb %ld extent %ld, not 0 and %ld", what, (long)lb,
          (long)extent, (long)t->ub);
    tree_true_bounds(t, &low, &high);
    MPI_Type_get_true_extent(t->type, &lb, &extent);
    CHECK(lb == low && extent == high - low, "%s: true lb %ld extent %ld, not %ld and %ld", what,
          (long)lb, (long)extent, (long)low, (long)(high - low));
    free(memory);
    free(packed);
}

/* All processes of a grid: each right by itself, and each element in exactly one of them. */
static void one_grid(const struct recipe *r, int number)
{
    struct tree leaf = tree_leaf(number % 2 ? MPI_INT : MPI_SHORT);
    int total = 1, *owners, whole = 1;
    char what[64];

    for (int d = 0; d < r->a[2]; d++)
        total *= (int)r->a[3 + d];
    owners = calloc((size_t)total, sizeof *owners);
    for (int rank = 0; rank < r->a[0]; rank++) {
        struct recipe mine = *r;
        mine.a[1] = rank;
        struct tree t = tree_make(&mine, &leaf);
        snprintf(what, sizeof what, "grid %d, process %d of %d", number, rank, (int)r->a[0]);
        same_bytes(&t, what);
        for (int i = 0; i < t.n; i++)
            owners[t.map[i].disp / tree_kind_size(leaf.map[0].kind)]++;
        tree_free(&t);
    }
    for (int i = 0; i < total; i++)
        whole = whole && owners[i] == 1;
    CHECK(whole, "grid %d: an element belongs to no process or to two", number);
    free(owners);
    tree_free(&leaf);
}

static void grids(int count)
{
    uint64_t state = t_seed() + (uint64_t)t_rank;

    for (int i = 0; i < count; i++) {
        struct recipe r = {0, t_random(&state, 2), 0, {0}};
        tree_draw_darray(&state, &r, 1 + t_random(&state, 4), 9);
        one_grid(&r, i);
    }
}

/* A part of an array that is far larger than any memory: no list of elements can be behind it. */
static void compact(void)
{
    int sizes[] = {30000, 30000, 30000}, subsizes[] = {20000, 20000, 20000}, starts[] = {1, 2, 3};
    int gsizes[] = {100000, 100000}, psizes[] = {2, 2}, dargs[] = {3, 7};
    int distribs[] = {MPI_DISTRIBUTE_CYCLIC, MPI_DISTRIBUTE_CYCLIC};
    MPI_Datatype type;
    MPI_Count size = -1, lb = -1, extent = -1;

    CHECK_OK(MPI_Type_create_subarray(3, sizes, subsizes, starts, MPI_ORDER_C, MPI_INT, &type));
    CHECK_OK(MPI_Type_size_x(type, &size));
    CHECK(size == 32000000000000, "%lld bytes", (long long)size);
    CHECK_OK(MPI_Type_get_extent_x(type, &lb, &extent));
    CHECK(lb == 0 && extent == 108000000000000, "lb %lld extent %lld", (long long)lb,
          (long long)extent);
    CHECK_OK(MPI_Type_get_true_extent_x(type, &lb, &extent));
    CHECK(lb == 3600240012 && extent == 4 * (19999ll * 900000000 + 19999ll * 30000 + 20000),
          "true lb %lld extent %lld", (long long)lb, (long long)extent);
    MPI_Type_free(&type);
    CHECK_OK(MPI_Type_create_darray(4, 3, 2, gsizes, distribs, dargs, psizes, MPI_ORDER_C, MPI_INT,
                                    &type));
    CHECK_OK(MPI_Type_size_x(type, &size));
    CHECK(size == 4ll * 49999 * 49999, "%lld bytes", (long long)size);
    MPI_Type_free(&type);
}

static void refused(int code, int class, const char *what)
{
    CHECK(t_class(code) == class, "%s gave class %d, not %d", what, t_class(code), class);
}

static void wrong_subarrays(void)
{
    int sizes[] = {4, 5}, subsizes[] = {2, 3}, starts[] = {1, 2}, order = MPI_ORDER_C;
    MPI_Datatype type;

#define SUBARRAY(n) MPI_Type_create_subarray(n, sizes, subsizes, starts, order, MPI_INT, &type)
#define WRONG(place, value, wanted, call)                                                          \
    do {                                                                                           \
        int old_##wanted = (place);                                                                \
        (place) = (value);                                                                         \
        refused(call, wanted, #place " = " #value);                                                \
        (place) = old_##wanted;                                                                    \
    } while (0)
    refused(SUBARRAY(0), MPI_ERR_DIMS, "no dimensions");
    refused(SUBARRAY(-1), MPI_ERR_DIMS, "less than no dimensions");
    WRONG(sizes[0], 0, MPI_ERR_ARG, SUBARRAY(2));
    WRONG(subsizes[1], 0, MPI_ERR_ARG, SUBARRAY(2));
    WRONG(subsizes[1], 6, MPI_ERR_ARG, SUBARRAY(2));
    WRONG(starts[0], -1, MPI_ERR_ARG, SUBARRAY(2));
    WRONG(starts[1], 3, MPI_ERR_ARG, SUBARRAY(2));
    WRONG(order, 7, MPI_ERR_ARG, SUBARRAY(2));
    refused(MPI_Type_create_subarray(2, NULL, subsizes, starts, order, MPI_INT, &type), MPI_ERR_ARG,
            "no sizes");
    refused(MPI_Type_create_subarray(2, sizes, subsizes, starts, order, MPI_DATATYPE_NULL, &type),
            MPI_ERR_TYPE, "no type");
    refused(MPI_Type_create_subarray(2, sizes, subsizes, starts, order, MPI_INT, NULL), MPI_ERR_ARG,
            "no result");
    CHECK_OK(SUBARRAY(2));
    MPI_Type_free(&type);
}

static void wrong_darrays(void)
{
    int size = 6, rank = 5, gsizes[] = {4, 5}, psizes[] = {2, 3}, order = MPI_ORDER_FORTRAN;
    int distribs[] = {MPI_DISTRIBUTE_BLOCK, MPI_DISTRIBUTE_CYCLIC}, dargs[] = {2, 2};
    MPI_Datatype type;

#define DARRAY(n)                                                                                  \
    MPI_Type_create_darray(size, rank, n, gsizes, distribs, dargs, psizes, order, MPI_INT, &type)
    refused(DARRAY(0), MPI_ERR_DIMS, "no dimensions");
    WRONG(size, 0, MPI_ERR_ARG, DARRAY(2));
    WRONG(size, 7, MPI_ERR_ARG, DARRAY(2));
    WRONG(rank, 6, MPI_ERR_ARG, DARRAY(2));
    WRONG(rank, -1, MPI_ERR_ARG, DARRAY(2));
    WRONG(gsizes[1], 0, MPI_ERR_ARG, DARRAY(2));
    WRONG(distribs[0], 99, MPI_ERR_ARG, DARRAY(2));
    WRONG(distribs[0], MPI_DISTRIBUTE_NONE, MPI_ERR_ARG, DARRAY(2)); /* on two processes */
    WRONG(dargs[0], 1, MPI_ERR_ARG, DARRAY(2)); /* two blocks of one for four rows */
    WRONG(dargs[1], 0, MPI_ERR_ARG, DARRAY(2));
    WRONG(psizes[0], 0, MPI_ERR_ARG, DARRAY(2));
    WRONG(psizes[0], 3, MPI_ERR_ARG, DARRAY(2));
    WRONG(order, 0, MPI_ERR_ARG, DARRAY(2));
    CHECK_OK(DARRAY(2));
    MPI_Type_free(&type);
}

#if MPI_VERSION >= 4
static void too_large(void)
{
    MPI_Count sizes[] = {(MPI_Count)1 << 40, (MPI_Count)1 << 40}, ones[] = {1, 1}, none[] = {0, 0};
    MPI_Datatype type;

    refused(MPI_Type_create_subarray_c(2, sizes, ones, none, MPI_ORDER_C, MPI_INT, &type),
            MPI_ERR_ARG, "an array of 2^82 bytes");
}
#endif

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    grids(argc > 1 ? atoi(argv[1]) : 100);
    compact();
    wrong_subarrays();
    wrong_darrays();
#if MPI_VERSION >= 4
    too_large();
#endif
    return t_finish();
}
