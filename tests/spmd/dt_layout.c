/* dt_layout.c - size, extent, bounds and true bounds of each constructor, by hand-made examples. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <stddef.h>

/* Frees the type when `last`. */
static void check(MPI_Datatype *type, int last, const char *name, int size, long lb, long extent,
                  long true_lb, long true_extent)
{
    int got = -1;
    MPI_Count big = -1;
    MPI_Aint a = -99, b = -99;

    CHECK_OK(MPI_Type_size(*type, &got));
    CHECK(got == size, "%s: size %d, not %d", name, got, size);
    CHECK_OK(MPI_Type_size_x(*type, &big));
    CHECK(big == size, "%s: MPI_Type_size_x %lld, not %d", name, (long long)big, size);
    CHECK_OK(MPI_Type_get_extent(*type, &a, &b));
    CHECK(a == lb && b == extent, "%s: lb %ld extent %ld, not %ld %ld", name, (long)a, (long)b, lb,
          extent);
    CHECK_OK(MPI_Type_get_true_extent(*type, &a, &b));
    CHECK(a == true_lb && b == true_extent, "%s: true lb %ld extent %ld, not %ld %ld", name,
          (long)a, (long)b, true_lb, true_extent);
    if (last) {
        CHECK_OK(MPI_Type_free(type));
        CHECK(*type == MPI_DATATYPE_NULL, "%s: MPI_Type_free left the handle", name);
    }
}

static void vectors(void)
{
    MPI_Datatype type;

    MPI_Type_contiguous(5, MPI_INT, &type);
    check(&type, 1, "contiguous", 20, 0, 20, 0, 20);
    MPI_Type_contiguous(0, MPI_INT, &type);
    check(&type, 1, "contiguous of none", 0, 0, 0, 0, 0);
    MPI_Type_vector(3, 2, 4, MPI_INT, &type);
    check(&type, 1, "vector", 24, 0, 40, 0, 40);
    MPI_Type_vector(3, 2, -4, MPI_INT, &type);
    check(&type, 1, "vector backwards", 24, -32, 40, -32, 40);
    MPI_Type_vector(3, 1, 0, MPI_INT, &type);
    check(&type, 1, "vector in place", 12, 0, 4, 0, 4);
    MPI_Type_vector(0, 3, 7, MPI_INT, &type);
    check(&type, 1, "vector of none", 0, 0, 0, 0, 0);
    MPI_Type_create_hvector(4, 1, 24, MPI_DOUBLE, &type);
    check(&type, 1, "hvector", 32, 0, 80, 0, 80);
    MPI_Type_create_hvector(4, 2, -32, MPI_DOUBLE, &type);
    check(&type, 1, "hvector backwards", 64, -96, 112, -96, 112);
}

static void indexes(void)
{
    static const int lengths[] = {2, 0, 3, 1}, places[] = {4, 100, -3, 9};
    static const MPI_Aint where[] = {16, 1000, -24, 40};
    MPI_Datatype type;

    MPI_Type_indexed(4, lengths, places, MPI_INT, &type);
    check(&type, 1, "indexed", 24, -12, 52, -12, 52);
    MPI_Type_create_hindexed(4, lengths, where, MPI_INT, &type);
    check(&type, 1, "hindexed", 24, -24, 68, -24, 68);
    MPI_Type_create_indexed_block(4, 2, places, MPI_SHORT, &type);
    check(&type, 1, "indexed_block", 16, -6, 210, -6, 210);
}

static void structs(void)
{
    struct mix {
        char c;
        double d;
        short s;
    };
    int lengths[] = {1, 1, 1};
    MPI_Aint where[] = {offsetof(struct mix, c), offsetof(struct mix, d), offsetof(struct mix, s)};
    MPI_Datatype parts[] = {MPI_CHAR, MPI_DOUBLE, MPI_SHORT}, type, again;

    MPI_Type_create_struct(3, lengths, where, parts, &type);
    check(&type, 0, "struct", 11, 0, (long)sizeof(struct mix), 0, 18);
    MPI_Type_contiguous(3, type, &again);
    check(&again, 1, "contiguous of struct", 33, 0, 72, 0, 66);
    MPI_Type_dup(type, &again);
    check(&again, 1, "dup of struct", 11, 0, 24, 0, 18);
    MPI_Type_free(&type);
    MPI_Type_create_struct(0, lengths, where, parts, &type);
    check(&type, 1, "struct of none", 0, 0, 0, 0, 0);
}

static void resized(void)
{
    MPI_Datatype type, again;

    MPI_Type_create_resized(MPI_INT, -4, 16, &type);
    check(&type, 0, "resized", 4, -4, 16, 0, 4);
    MPI_Type_contiguous(3, type, &again);
    check(&again, 1, "contiguous of resized", 12, -4, 48, 0, 36);
    MPI_Type_vector(2, 2, 3, type, &again);
    check(&again, 1, "vector of resized", 16, -4, 80, 0, 68);
    MPI_Type_dup(type, &again);
    check(&again, 1, "dup of resized", 4, -4, 16, 0, 4);
    MPI_Type_create_resized(type, 0, 4, &again);
    check(&again, 1, "resized back", 4, 0, 4, 0, 4);
    MPI_Type_free(&type);
}

/* A negative extent steps backwards. */
static void backwards(void)
{
    MPI_Datatype type;
    int out[4] = {1, 2, 3, 4}, in[4] = {0, 0, 0, 0};

    MPI_Type_create_resized(MPI_INT, 0, -4, &type);
    MPI_Type_commit(&type);
    check(&type, 0, "negative extent", 4, 0, -4, 0, 4);
    MPI_Sendrecv(&out[3], 4, type, t_rank, 1, in, 4, MPI_INT, t_rank, 1, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
    CHECK(in[0] == 4 && in[1] == 3 && in[2] == 2 && in[3] == 1, "%d %d %d %d", in[0], in[1], in[2],
          in[3]);
    MPI_Type_free(&type);
}

/* A freed type lives on in the types made of it, and in the messages under way. */
static void freed(void)
{
    MPI_Datatype inner, outer;
    MPI_Request requests[2];
    int out[8] = {1, 2, 3, 4, 5, 6, 7, 8}, in[8] = {0};

    MPI_Type_vector(2, 1, 2, MPI_INT, &inner);
    MPI_Type_contiguous(2, inner, &outer);
    MPI_Type_free(&inner);
    MPI_Type_commit(&outer);
    MPI_Irecv(in, 1, outer, t_rank, 2, MPI_COMM_WORLD, &requests[0]);
    MPI_Isend(out, 1, outer, t_rank, 2, MPI_COMM_WORLD, &requests[1]);
    MPI_Type_free(&outer);
    MPI_Waitall(2, requests, MPI_STATUSES_IGNORE);
    CHECK(in[0] == 1 && in[1] == 0 && in[2] == 3 && in[3] == 4 && in[4] == 0 && in[5] == 6,
          "%d %d %d %d %d %d", in[0], in[1], in[2], in[3], in[4], in[5]);
}

/* MPI_BOTTOM with absolute addresses. */
static void absolute(void)
{
    int first = 10 + t_rank, second = 20 + t_rank, got[2] = {-1, -1};
    int lengths[] = {1, 1};
    MPI_Aint where[2];
    MPI_Datatype type;

    MPI_Get_address(&first, &where[0]);
    MPI_Get_address(&second, &where[1]);
    MPI_Type_create_hindexed(2, lengths, where, MPI_INT, &type);
    MPI_Type_commit(&type);
    MPI_Sendrecv(MPI_BOTTOM, 1, type, t_rank, 3, got, 2, MPI_INT, t_rank, 3, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
    CHECK(got[0] == 10 + t_rank && got[1] == 20 + t_rank, "%d %d", got[0], got[1]);
    got[0] = 7, got[1] = 8;
    MPI_Sendrecv(got, 2, MPI_INT, t_rank, 3, MPI_BOTTOM, 1, type, t_rank, 3, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
    CHECK(first == 7 && second == 8, "%d %d", first, second);
    MPI_Type_free(&type);
}

/* Committing twice is allowed; types come and go by the ten thousand. */
static void many(void)
{
    MPI_Datatype type, again;

    for (int i = 0; i < 10000; i++) {
        MPI_Type_vector(1 + i % 7, 2, 5, MPI_INT, &type);
        MPI_Type_commit(&type);
        MPI_Type_commit(&type);
        MPI_Type_dup(type, &again);
        MPI_Type_free(&type);
        MPI_Type_free(&again);
    }
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    vectors();
    indexes();
    structs();
    resized();
    backwards();
    freed();
    absolute();
    many();
    return t_finish();
}
