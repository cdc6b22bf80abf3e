/* dt_contents.c - envelope and contents of each constructor in both forms, and their errors. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "dt_make.h"

/* What the standard's table says of each call below: integers, addresses; large counts of the large
 * form, integers that stay. */
static const struct {
    struct recipe r;
    int ni, na, nl, ni_large;
} calls[] = {
    {{MPI_COMBINER_DUP, 0, 0, {0}}, 0, 0, 0, 0},
    {{MPI_COMBINER_CONTIGUOUS, 0, 1, {5}}, 1, 0, 1, 0},
    {{MPI_COMBINER_VECTOR, 0, 3, {4, 2, -3}}, 3, 0, 3, 0},
    {{MPI_COMBINER_HVECTOR, 0, 3, {4, 2, 100}}, 2, 1, 3, 0},
    {{MPI_COMBINER_INDEXED, 0, 5, {2, 3, 1, 7, -2}}, 5, 0, 5, 0},
    {{MPI_COMBINER_HINDEXED, 0, 5, {2, 3, 1, 64, -16}}, 3, 2, 5, 0},
    {{MPI_COMBINER_INDEXED_BLOCK, 0, 5, {3, 2, 9, 0, 4}}, 5, 0, 5, 0},
    {{MPI_COMBINER_HINDEXED_BLOCK, 0, 5, {3, 2, 32, 0, 96}}, 2, 3, 5, 0},
    {{MPI_COMBINER_STRUCT, 0, 5, {2, 1, 2, 0, 48}}, 3, 2, 5, 0},
    {{MPI_COMBINER_RESIZED, 0, 2, {-8, 40}}, 0, 2, 2, 0},
    {{MPI_COMBINER_SUBARRAY, 0, 8, {2, 5, 6, 2, 3, 1, 2, MPI_ORDER_C}}, 8, 0, 6, 2},
    {{MPI_COMBINER_DARRAY,
      0,
      12,
      {6, 4, 2, 7, 9, MPI_DISTRIBUTE_BLOCK, MPI_DISTRIBUTE_CYCLIC, MPI_DISTRIBUTE_DFLT_DARG, 2, 3,
       2, MPI_ORDER_FORTRAN}},
     12,
     0,
     2,
     10},
};

static void refused(int code, int class, const char *what)
{
    CHECK(t_class(code) == class, "%s gave class %d, not %d", what, t_class(code), class);
}

static void small_form(int k, const struct tree *t)
{
    const struct recipe *r = &calls[k].r;
    int ni = -1, na = -1, nt = -1, combiner = -1;
    int types = r->combiner == MPI_COMBINER_STRUCT ? 2 : 1;
    struct contents c;

    CHECK_OK(MPI_Type_get_envelope(t->type, &ni, &na, &nt, &combiner));
    CHECK(ni == calls[k].ni && na == calls[k].na && nt == types && combiner == r->combiner,
          "call %d: %d integers, %d addresses, %d types, combiner %d", k, ni, na, nt, combiner);
    memset(&c, 0x55, sizeof c);
    CHECK_OK(MPI_Type_get_contents(t->type, ni + 2, na + 2, nt + 2, c.i, c.a, c.types));
    CHECK(c.i[ni] == 0x55555555, "call %d: more integers than there are", k);
    c.ni = ni, c.na = na, c.nl = 0, c.nt = nt, c.combiner = combiner;
    struct recipe got = tree_recipe(&c);
    CHECK(got.n == r->n && memcmp(got.a, r->a, (size_t)r->n * sizeof *r->a) == 0,
          "call %d: other arguments than given", k);
    for (int i = 0; i < nt; i++)
        MPI_Type_free(&c.types[i]);
    if (ni > 0)
        refused(MPI_Type_get_contents(t->type, ni - 1, na, nt, c.i, c.a, c.types), MPI_ERR_ARG,
                "room for too few integers");
    if (na > 0)
        refused(MPI_Type_get_contents(t->type, ni, na - 1, nt, c.i, c.a, c.types), MPI_ERR_ARG,
                "room for too few addresses");
    refused(MPI_Type_get_contents(t->type, ni, na, 0, c.i, c.a, c.types), MPI_ERR_ARG,
            "room for no types");
}

#if MPI_VERSION >= 4
static void large_form(int k, const struct tree *t)
{
    const struct recipe *r = &calls[k].r;
    MPI_Count ni = -1, na = -1, nl = -1, nt = -1;
    int i, small[3], combiner = -1;
    struct contents c;

    CHECK_OK(MPI_Type_get_envelope_c(t->type, &ni, &na, &nl, &nt, &combiner));
    CHECK(ni == calls[k].ni_large && na == 0 && nl == calls[k].nl && combiner == r->combiner,
          "call %d: %lld integers, %lld addresses, %lld large counts, combiner %d", k,
          (long long)ni, (long long)na, (long long)nl, combiner);
    c = tree_contents(t->type);
    struct recipe got = tree_recipe(&c);
    CHECK(got.n == r->n && memcmp(got.a, r->a, (size_t)r->n * sizeof *r->a) == 0,
          "call %d: other arguments than given with large counts", k);
    for (i = 0; i < c.nt; i++)
        MPI_Type_free(&c.types[i]);
    if (nl == 0)
        return;
    refused(MPI_Type_get_envelope(t->type, &small[0], &small[1], &small[2], &combiner),
            MPI_ERR_TYPE, "the envelope of a large type in ints");
    refused(MPI_Type_get_contents(t->type, TREE_ARGS, TREE_ARGS, TREE_BLOCKS, c.i, c.a, c.types),
            MPI_ERR_TYPE, "the contents of a large type in ints");
    refused(MPI_Type_get_contents_c(t->type, TREE_ARGS, TREE_ARGS, nl - 1, TREE_BLOCKS, c.i, c.a,
                                    c.c, c.types),
            MPI_ERR_ARG, "room for too few large counts");
}
#endif

/* The parts may be freed before; what the contents give are references of their own. */
static void all_calls(int large)
{
    for (int k = 0; k < T_COUNT(calls); k++) {
        struct recipe r = calls[k].r;
        struct tree parts[2] = {tree_leaf(MPI_INT), tree_leaf(MPI_DOUBLE)}, t;

        r.large = large;
        t = tree_make(&r, parts);
        tree_free(&parts[0]);
        tree_free(&parts[1]);
#if MPI_VERSION >= 4
        if (large)
            large_form(k, &t);
#endif
        if (!large)
            small_form(k, &t);
        tree_free(&t);
    }
}

static void named(void)
{
    int ni = -1, na = -1, nt = -1, combiner = -1;
    MPI_Datatype types[1], made;

    CHECK_OK(MPI_Type_get_envelope(MPI_DOUBLE_INT, &ni, &na, &nt, &combiner));
    CHECK(ni == 0 && na == 0 && nt == 0 && combiner == MPI_COMBINER_NAMED, "%d %d %d %d", ni, na,
          nt, combiner);
    refused(MPI_Type_get_contents(MPI_INT, 1, 1, 1, &ni, NULL, types), MPI_ERR_TYPE,
            "the contents of a named type");
    refused(MPI_Type_get_envelope(MPI_DATATYPE_NULL, &ni, &na, &nt, &combiner), MPI_ERR_TYPE,
            "the envelope of the null handle");
    refused(MPI_Type_get_envelope(MPI_INT, NULL, &na, &nt, &combiner), MPI_ERR_ARG,
            "a result that goes nowhere");
    /* A predefined type comes back as itself. */
    MPI_Type_contiguous(3, MPI_SHORT, &made);
    CHECK_OK(MPI_Type_get_contents(made, 1, 0, 1, &ni, NULL, types));
    CHECK(ni == 3 && types[0] == MPI_SHORT, "%d of another type than MPI_SHORT", ni);
    refused(MPI_Type_get_contents(made, 1, 0, 1, NULL, NULL, types), MPI_ERR_ARG,
            "an array of integers that is NULL");
    MPI_Type_free(&made);
}

static void names(void)
{
    static const struct {
        MPI_Datatype type;
        const char *name;
    } rows[] = {{MPI_DATATYPE_NULL, "MPI_DATATYPE_NULL"},
                {MPI_INT, "MPI_INT"},
                {MPI_C_FLOAT_COMPLEX, "MPI_C_COMPLEX"},
                {MPI_LONG_LONG, "MPI_LONG_LONG_INT"},
                {MPI_2INT, "MPI_2INT"}};
    char text[MPI_MAX_OBJECT_NAME];
    int len = -1;
    MPI_Datatype made;

    for (int i = 0; i < T_COUNT(rows); i++) {
        CHECK_OK(MPI_Type_get_name(rows[i].type, text, &len));
        CHECK(strcmp(text, rows[i].name) == 0 && len == (int)strlen(text), "%s, not %s", text,
              rows[i].name);
    }
    MPI_Type_contiguous(2, MPI_INT, &made);
    CHECK_OK(MPI_Type_get_name(made, text, &len));
    CHECK(*text == '\0' && len == 0, "an unnamed type is called %s", text);
    CHECK_OK(MPI_Type_set_name(made, "two"));
    CHECK_OK(MPI_Type_get_name(made, text, &len));
    CHECK(strcmp(text, "two") == 0 && len == 3, "%s", text);
    MPI_Type_free(&made);
    made = MPI_FLOAT;
    CHECK_OK(MPI_Type_commit(&made));
    refused(MPI_Type_free(&made), MPI_ERR_TYPE, "freeing MPI_FLOAT");
    refused(MPI_Type_set_name(MPI_DATATYPE_NULL, "x"), MPI_ERR_TYPE, "naming the null handle");
}

#if MPI_VERSION >= 4
/* What an int cannot hold. */
static void too_big(void)
{
    MPI_Count count = (MPI_Count)1 << 32, got = -1;
    MPI_Datatype big;
    MPI_Status status;
    int size = -1;

    MPI_Type_contiguous_c(count, MPI_CHAR, &big);
    MPI_Type_commit(&big);
    CHECK_OK(MPI_Type_size(big, &size));
    CHECK(size == MPI_UNDEFINED, "a size of %d", size);
    CHECK_OK(MPI_Type_size_c(big, &got));
    CHECK(got == count, "a size of %lld", (long long)got);
    CHECK_OK(MPI_Pack_size(1, big, MPI_COMM_SELF, &size));
    CHECK(size == MPI_UNDEFINED, "a pack size of %d", size);
    memset(&status, 0, sizeof status);
    CHECK_OK(MPI_Status_set_elements_x(&status, big, 3 * count));
    CHECK_OK(MPI_Get_elements(&status, big, &size));
    CHECK(size == MPI_UNDEFINED, "%d elements", size);
    CHECK_OK(MPI_Get_elements_c(&status, big, &got));
    CHECK(got == 3 * count, "%lld elements", (long long)got);
    CHECK_OK(MPI_Get_count(&status, big, &size));
    CHECK(size == 3, "a count of %d", size);
    CHECK_OK(MPI_Get_count(&status, MPI_CHAR, &size));
    CHECK(size == MPI_UNDEFINED, "a count of %d", size);
    refused(MPI_Type_contiguous_c(count << 29, big, &big), MPI_ERR_ARG, "2^93 bytes");
    refused(MPI_Type_vector_c(count, count, 1, MPI_INT, &big), MPI_ERR_ARG, "2^66 bytes");
    refused(MPI_Type_vector_c(4, 1, count << 29, big, &big), MPI_ERR_ARG, "a stride of 2^93 bytes");
    MPI_Type_free(&big);
}
#endif

/* Elements of a struct of which only a part has come. */
static void partial(void)
{
    int lengths[] = {1, 1, 2}, got = -1;
    MPI_Aint where[] = {0, 8, 16};
    MPI_Datatype types[] = {MPI_CHAR, MPI_INT, MPI_SHORT}, type;
    MPI_Status status;
    char out[32] = {0}, in[32];

    MPI_Type_create_struct(3, lengths, where, types, &type);
    MPI_Type_commit(&type);
    for (int bytes = 0; bytes <= 9; bytes++) {
        /* Bytes 0 to 9 of a type of 9 bytes: 1 + 4 + 2 * 2. */
        static const int expected[] = {0, 1, -1, -1, -1, 2, -1, 3, -1, 4};
        int half = expected[bytes] < 0, code;
        code = MPI_Sendrecv(out, bytes, MPI_PACKED, t_rank, 1, in, 1, type, t_rank, 1,
                            MPI_COMM_WORLD, &status);
        CHECK(t_class(code) == (half ? MPI_ERR_TYPE : MPI_SUCCESS), "%d bytes: class %d", bytes,
              t_class(code));
        if (half)
            MPI_Sendrecv(out, bytes, MPI_PACKED, t_rank, 1, in, 32, MPI_PACKED, t_rank, 1,
                         MPI_COMM_WORLD, &status);
        CHECK_OK(MPI_Get_elements(&status, type, &got));
        CHECK(got == (expected[bytes] < 0 ? MPI_UNDEFINED : expected[bytes]),
              "%d bytes are %d elements", bytes, got);
        CHECK_OK(MPI_Get_count(&status, type, &got));
        CHECK(got == (bytes % 9 ? MPI_UNDEFINED : bytes / 9), "%d bytes count %d", bytes, got);
    }
    MPI_Type_free(&type);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    all_calls(0);
    named();
    names();
    partial();
#if MPI_VERSION >= 4
    all_calls(1);
    too_big();
#endif
    return t_finish();
}
