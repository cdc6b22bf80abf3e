/* coll_user.c - operations of the user, also such as do not commute. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* Products of matrices keep the order of the ranks. */
#include "test.h"

enum { MAX_COUNT = 20000 };

/* 2 by 2 matrices of unsigned numbers: associative, exact, not commutative. */
struct matrix {
    uint32_t a, b, c, d;
};

static const int counts[] = {0, 1, 7, 1000, MAX_COUNT};
static struct matrix *out, *in;
static MPI_Datatype type;
static int type_errors;

static struct matrix value(int rank, int i)
{
    uint64_t w = t_mix((uint64_t)(rank * 1000003 + i));

    return (struct matrix){(uint32_t)w, (uint32_t)(w >> 16), (uint32_t)(w >> 32),
                           (uint32_t)(w >> 24)};
}

static struct matrix times(struct matrix x, struct matrix y)
{
    return (struct matrix){x.a * y.a + x.b * y.c, x.a * y.b + x.b * y.d, x.c * y.a + x.d * y.c,
                           x.c * y.b + x.d * y.d};
}

/* MPI's order: what comes in stands on the left. */
static void multiply(void *left, void *right, int *n, MPI_Datatype *given)
{
    struct matrix *x = left, *y = right;
    int size = 0;

    MPI_Type_size(*given, &size);
    type_errors += size != (int)sizeof(struct matrix);
    for (int i = 0; i < *n; i++)
        y[i] = times(x[i], y[i]);
}

static void fill(struct matrix *block, int n)
{
    for (int i = 0; i < n; i++)
        block[i] = value(t_rank, i);
}

static void check(const struct matrix *got, int n, int last, int first, const char *how)
{
    for (int i = 0; i < n; i++) {
        struct matrix m = value(0, first + i);
        for (int r = 1; r <= last; r++)
            m = times(m, value(r, first + i));
        if (memcmp(&m, &got[i], sizeof m) != 0) {
            CHECK(0, "%s of %d: element %d has another order", how, n, i);
            return;
        }
    }
}

static void not_commutative(MPI_Op op, int n)
{
    int block = n / t_size;

    fill(out, n);
    for (int root = 0; root < t_size; root++) {
        MPI_Reduce(out, in, n, type, op, root, MPI_COMM_WORLD);
        if (t_rank == root)
            check(in, n, t_size - 1, 0, "reduce");
    }
    if (t_rank == t_size - 1)
        fill(in, n);
    MPI_Reduce(t_rank == t_size - 1 ? MPI_IN_PLACE : out, in, n, type, op, t_size - 1,
               MPI_COMM_WORLD);
    if (t_rank == t_size - 1)
        check(in, n, t_size - 1, 0, "reduce in place");
    MPI_Allreduce(out, in, n, type, op, MPI_COMM_WORLD);
    check(in, n, t_size - 1, 0, "allreduce");
    fill(in, n);
    MPI_Allreduce(MPI_IN_PLACE, in, n, type, op, MPI_COMM_WORLD);
    check(in, n, t_size - 1, 0, "allreduce in place");
    MPI_Scan(out, in, n, type, op, MPI_COMM_WORLD);
    check(in, n, t_rank, 0, "scan");
    MPI_Exscan(out, in, n, type, op, MPI_COMM_WORLD);
    if (t_rank > 0)
        check(in, n, t_rank - 1, 0, "exscan");
    MPI_Reduce_scatter_block(out, in, block, type, op, MPI_COMM_WORLD);
    check(in, block, t_size - 1, t_rank * block, "reduce_scatter_block");
}

/* The larger of two, on integers two apart: gaps must be left alone. */
static void larger(void *from, void *to, int *n, MPI_Datatype *given)
{
    int *x = from, *y = to;

    (void)given;
    for (int i = 0; i < *n; i++)
        if (x[2 * i] > y[2 * i])
            y[2 * i] = x[2 * i];
}

static void with_gaps(int n)
{
    int *mine = malloc((size_t)(2 * n + 1) * sizeof *mine),
        *got = malloc((size_t)(2 * n + 1) * sizeof *got);
    MPI_Datatype apart;
    MPI_Op op;

    MPI_Type_create_resized(MPI_INT, 0, 2 * (MPI_Aint)sizeof(int), &apart);
    MPI_Type_commit(&apart);
    MPI_Op_create(larger, 1, &op);
    for (int i = 0; i < n; i++) {
        mine[2 * i] = (t_rank * 7 + i) % 5;
        mine[2 * i + 1] = got[2 * i] = got[2 * i + 1] = -3;
    }
    MPI_Allreduce(mine, got, n, apart, op, MPI_COMM_WORLD);
    for (int i = 0; i < n; i++) {
        int wanted = 0;
        for (int r = 0; r < t_size; r++)
            wanted = (r * 7 + i) % 5 > wanted ? (r * 7 + i) % 5 : wanted;
        CHECK(got[2 * i] == wanted && got[2 * i + 1] == -3,
              "gaps: element %d is %d beside %d, not %d", i, got[2 * i], got[2 * i + 1], wanted);
    }
    MPI_Op_free(&op);
    MPI_Type_free(&apart);
    free(mine);
    free(got);
}

static void never(void *from, void *to, int *n, MPI_Datatype *given)
{
    (void)from, (void)to, (void)n, (void)given;
}

/* Elements without a byte are nothing to send, but may be reduced. */
static void without_bytes(void)
{
    int mine = 1, got = 2;
    MPI_Datatype none;
    MPI_Op op;

    MPI_Type_contiguous(0, MPI_INT, &none);
    MPI_Type_commit(&none);
    MPI_Op_create(never, 1, &op);
    MPI_Reduce(&mine, &got, 3, none, op, 0, MPI_COMM_WORLD);
    MPI_Allreduce(&mine, &got, 3, none, op, MPI_COMM_WORLD);
    MPI_Scan(&mine, &got, 3, none, op, MPI_COMM_WORLD);
    MPI_Reduce_scatter_block(&mine, &got, 3, none, op, MPI_COMM_WORLD);
    CHECK(mine == 1 && got == 2, "no bytes: %d and %d, not 1 and 2", mine, got);
    MPI_Op_free(&op);
    MPI_Type_free(&none);
}

int main(int argc, char **argv)
{
    MPI_Op ordered;

    t_init(&argc, &argv);
    out = malloc(MAX_COUNT * sizeof *out);
    in = malloc(MAX_COUNT * sizeof *in);
    MPI_Type_contiguous(4, MPI_UINT32_T, &type);
    MPI_Type_commit(&type);
    MPI_Op_create(multiply, 0, &ordered);
    for (int i = 0; i < T_COUNT(counts); i++) {
        not_commutative(ordered, counts[i]);
        with_gaps(counts[i]);
    }
    without_bytes();
    CHECK(type_errors == 0, "the operation got another datatype %d times", type_errors);
    MPI_Op_free(&ordered);
    MPI_Type_free(&type);
    free(out);
    free(in);
    return t_finish();
}
