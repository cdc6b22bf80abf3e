/* dt_sized.c - types by precision and range, by size, and pairs of value and index. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

static void refused(int code, int class, const char *what)
{
    CHECK(t_class(code) == class, "%s gave class %d, not %d", what, t_class(code), class);
}

/* Size, envelope, identity and life of one type made by precision and range. */
static void check_f90(MPI_Datatype type, MPI_Datatype again, int combiner, int size, int p, int r)
{
    int ints[2] = {-1, -1}, ni = -1, na = -1, nt = -1, got = -1, value = -1;
    char text[MPI_MAX_OBJECT_NAME];
    MPI_Datatype copy = type;

    CHECK(type == again, "p %d r %d: two handles", p, r);
    CHECK_OK(MPI_Type_size(type, &value));
    CHECK(value == size, "p %d r %d: %d bytes, not %d", p, r, value, size);
    CHECK_OK(MPI_Type_get_envelope(type, &ni, &na, &nt, &got));
    CHECK(got == combiner && ni == (combiner == MPI_COMBINER_F90_INTEGER ? 1 : 2) && na == 0 &&
              nt == 0,
          "p %d r %d: combiner %d with %d, %d, %d", p, r, got, ni, na, nt);
    CHECK_OK(MPI_Type_get_contents(type, 2, 0, 0, ints, NULL, NULL));
    if (combiner == MPI_COMBINER_F90_INTEGER)
        CHECK(ints[0] == r, "r is %d, not %d", ints[0], r);
    else
        CHECK(ints[0] == p && ints[1] == r, "p %d r %d, not %d %d", ints[0], ints[1], p, r);
    CHECK_OK(MPI_Type_get_name(type, text, &value));
    CHECK(*text == '\0', "it is called %s", text);
    refused(MPI_Type_free(&copy), MPI_ERR_TYPE, "freeing it");
}

static void reals(void)
{
    static const struct {
        int p, r, size;
    } rows[] = {{6, 37, 4}, {3, 20, 4}, {MPI_UNDEFINED, 37, 4}, {6, MPI_UNDEFINED, 4},
                {7, 37, 8}, {6, 38, 8}, {15, 307, 8}, {16, 10, 16}, {10, 308, 16},
                {33, 4931, 16}};
    MPI_Datatype type = MPI_DATATYPE_NULL, again = MPI_DATATYPE_NULL;

    for (int i = 0; i < T_COUNT(rows); i++) {
        int p = rows[i].p, r = rows[i].r;
        CHECK_OK(MPI_Type_create_f90_real(p, r, &type));
        CHECK_OK(MPI_Type_create_f90_real(p, r, &again));
        check_f90(type, again, MPI_COMBINER_F90_REAL, rows[i].size, p, r);
        CHECK_OK(MPI_Type_create_f90_complex(p, r, &type));
        CHECK_OK(MPI_Type_create_f90_complex(p, r, &again));
        check_f90(type, again, MPI_COMBINER_F90_COMPLEX, 2 * rows[i].size, p, r);
    }
    refused(MPI_Type_create_f90_real(34, 10, &type), MPI_ERR_ARG, "34 digits");
    refused(MPI_Type_create_f90_real(5, 5000, &type), MPI_ERR_ARG, "a range of 5000");
    refused(MPI_Type_create_f90_real(MPI_UNDEFINED, MPI_UNDEFINED, &type), MPI_ERR_ARG, "nothing");
    refused(MPI_Type_create_f90_complex(-1, 10, &type), MPI_ERR_ARG, "-1 digits");
    refused(MPI_Type_create_f90_complex(6, 30, NULL), MPI_ERR_ARG, "no result");
}

static void integers(void)
{
    static const struct {
        int r, size;
    } rows[] = {{0, 1}, {2, 1}, {3, 2}, {4, 2}, {5, 4}, {9, 4}, {10, 8}, {18, 8},
                {19, 16}, {38, 16}};
    MPI_Datatype type = MPI_DATATYPE_NULL, again = MPI_DATATYPE_NULL;

    for (int i = 0; i < T_COUNT(rows); i++) {
        CHECK_OK(MPI_Type_create_f90_integer(rows[i].r, &type));
        CHECK_OK(MPI_Type_create_f90_integer(rows[i].r, &again));
        check_f90(type, again, MPI_COMBINER_F90_INTEGER, rows[i].size, 0, rows[i].r);
    }
    refused(MPI_Type_create_f90_integer(39, &type), MPI_ERR_ARG, "a range of 39");
    refused(MPI_Type_create_f90_integer(MPI_UNDEFINED, &type), MPI_ERR_ARG, "no range");
}

/* They travel and are reduced without MPI_Type_commit. */
static void use(void)
{
    double mine[2] = {t_rank + 1, 2}, sum[2] = {0, 0};
    MPI_Datatype type;

    CHECK_OK(MPI_Type_create_f90_real(15, 300, &type));
    CHECK_OK(MPI_Allreduce(mine, sum, 2, type, MPI_SUM, MPI_COMM_WORLD));
    CHECK(sum[0] == t_size * (t_size + 1) / 2 && sum[1] == 2 * t_size, "%g %g", sum[0], sum[1]);
}

static void match(void)
{
    static const struct {
        int class, size;
        MPI_Datatype type;
    } rows[] = {{MPI_TYPECLASS_REAL, 4, MPI_REAL4},       {MPI_TYPECLASS_REAL, 8, MPI_REAL8},
                {MPI_TYPECLASS_REAL, 16, MPI_REAL16},     {MPI_TYPECLASS_INTEGER, 1, MPI_INTEGER1},
                {MPI_TYPECLASS_INTEGER, 4, MPI_INTEGER4}, {MPI_TYPECLASS_INTEGER, 8, MPI_INTEGER8},
                {MPI_TYPECLASS_COMPLEX, 8, MPI_COMPLEX8},
                {MPI_TYPECLASS_COMPLEX, 32, MPI_COMPLEX32}};
    MPI_Datatype type = MPI_DATATYPE_NULL;

    for (int i = 0; i < T_COUNT(rows); i++) {
        CHECK_OK(MPI_Type_match_size(rows[i].class, rows[i].size, &type));
        CHECK(type == rows[i].type, "class %d size %d", rows[i].class, rows[i].size);
    }
    refused(MPI_Type_match_size(MPI_TYPECLASS_REAL, 7, &type), MPI_ERR_ARG, "a real of 7 bytes");
    refused(MPI_Type_match_size(MPI_TYPECLASS_COMPLEX, 0, &type), MPI_ERR_ARG, "no bytes");
    refused(MPI_Type_match_size(12345, 4, &type), MPI_ERR_ARG, "an unknown class");
}

#if MPI_VERSION > 4 || (MPI_VERSION == 4 && MPI_SUBVERSION >= 1)
static void named_pairs(void)
{
    static const struct {
        MPI_Datatype value, index, pair;
    } rows[] = {{MPI_FLOAT, MPI_INT, MPI_FLOAT_INT},   {MPI_DOUBLE, MPI_INT, MPI_DOUBLE_INT},
                {MPI_LONG, MPI_INT, MPI_LONG_INT},     {MPI_INT, MPI_INT, MPI_2INT},
                {MPI_SHORT, MPI_INT, MPI_SHORT_INT},
                {MPI_LONG_DOUBLE, MPI_INT, MPI_LONG_DOUBLE_INT},
                {MPI_REAL, MPI_REAL, MPI_2REAL},       {MPI_INTEGER, MPI_INTEGER, MPI_2INTEGER},
                {MPI_CHAR, MPI_INT, MPI_DATATYPE_NULL}, {MPI_FLOAT, MPI_FLOAT, MPI_DATATYPE_NULL}};
    MPI_Datatype pair;

    for (int i = 0; i < T_COUNT(rows); i++) {
        pair = MPI_BYTE;
        CHECK_OK(MPI_Type_get_value_index(rows[i].value, rows[i].index, &pair));
        CHECK(pair == rows[i].pair, "row %d", i);
    }
    refused(MPI_Type_get_value_index(MPI_DATATYPE_NULL, MPI_INT, &pair), MPI_ERR_TYPE, "no value");
    refused(MPI_Type_get_value_index(MPI_INT, MPI_DATATYPE_NULL, &pair), MPI_ERR_TYPE, "no index");
}

/* A pair without a name: its index counts beyond 2^31. */
static void unnamed_pair(void)
{
    struct {
        double value;
        int64_t index;
    } mine = {t_rank == 0 ? 7 : 3, ((int64_t)1 << 40) + t_rank}, least = {0, 0};
    int ni = -1, na = -1, nt = -1, combiner = -1, size = -1;
    MPI_Datatype pair = MPI_DATATYPE_NULL, again = MPI_DATATYPE_NULL, parts[2];

    CHECK_OK(MPI_Type_get_value_index(MPI_DOUBLE, MPI_INT64_T, &pair));
    CHECK_OK(MPI_Type_get_value_index(MPI_DOUBLE, MPI_INT64_T, &again));
    CHECK(pair != MPI_DATATYPE_NULL && pair == again, "two handles or none");
    CHECK_OK(MPI_Type_size(pair, &size));
    CHECK(size == 16, "%d bytes", size);
    CHECK_OK(MPI_Type_get_envelope(pair, &ni, &na, &nt, &combiner));
    CHECK(ni == 0 && na == 0 && nt == 2 && combiner == MPI_COMBINER_VALUE_INDEX, "%d %d %d %d", ni,
          na, nt, combiner);
    CHECK_OK(MPI_Type_get_contents(pair, 0, 0, 2, NULL, NULL, parts));
    CHECK(parts[0] == MPI_DOUBLE && parts[1] == MPI_INT64_T, "other members than asked for");
    CHECK_OK(MPI_Allreduce(&mine, &least, 1, pair, MPI_MINLOC, MPI_COMM_WORLD));
    int who = t_size > 1;
    CHECK(least.value == (who ? 3 : 7) && least.index == ((int64_t)1 << 40) + who, "%g at %lld",
          least.value, (long long)least.index);
    refused(MPI_Type_free(&pair), MPI_ERR_TYPE, "freeing the pair");
}
#endif

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
    reals();
    integers();
    use();
    match();
#if MPI_VERSION > 4 || (MPI_VERSION == 4 && MPI_SUBVERSION >= 1)
    named_pairs();
    unnamed_pair();
#endif
    return t_finish();
}
