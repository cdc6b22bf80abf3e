/* p2p_count.c - MPI_Get_count and MPI_Get_elements, also of parts of an element. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <stddef.h>

enum { TAG = 111, BIG = 50000 };

static int peer;

static MPI_Status exchange(const void *out, int sent, MPI_Datatype send_type, void *in, int room,
                           MPI_Datatype receive_type)
{
    MPI_Status status;

    memset(&status, 0, sizeof status);
    MPI_Sendrecv(out, sent, send_type, peer, TAG, in, room, receive_type, peer, TAG, MPI_COMM_WORLD,
                 &status);
    return status;
}

static void check(const MPI_Status *status, MPI_Datatype type, int count, int elements,
                  const char *what)
{
    int got = -5, basic = -5;

    MPI_Get_count(status, type, &got);
    CHECK(got == count, "%s: count %d, not %d", what, got, count);
    MPI_Get_elements(status, type, &basic);
    CHECK(basic == elements, "%s: %d elements, not %d", what, basic, elements);
}

static void check_large(const MPI_Status *status, MPI_Datatype type, MPI_Count elements)
{
    MPI_Count got = -5;

    MPI_Get_elements_x(status, type, &got);
    CHECK(got == elements, "MPI_Get_elements_x: %lld, not %lld", (long long)got,
          (long long)elements);
}

/* Any part of a row of three ints: whole rows count, the rest makes the count undefined. */
static void rows(int sent)
{
    int *out = calloc(3 * BIG, sizeof *out), *in = calloc(3 * BIG, sizeof *in);
    MPI_Datatype row;
    MPI_Status status;

    MPI_Type_contiguous(3, MPI_INT, &row);
    MPI_Type_commit(&row);
    status = exchange(out, sent, MPI_INT, in, BIG, row);
    check(&status, row, sent % 3 ? MPI_UNDEFINED : sent / 3, sent, "rows");
    check(&status, MPI_INT, sent, sent, "ints");
    check(&status, MPI_BYTE, 4 * sent, 4 * sent, "bytes");
    check_large(&status, row, sent);
    MPI_Type_free(&row);
    free(out);
    free(in);
}

/* A struct {int, double, char}: elements are counted basic type by basic type, in order. */
static void structures(void)
{
    struct mix {
        int i;
        double d;
        char c;
    } in[4];
    MPI_Datatype type, parts[] = {MPI_INT, MPI_DOUBLE, MPI_CHAR};
    int lengths[] = {1, 1, 1};
    MPI_Aint where[] = {offsetof(struct mix, i), offsetof(struct mix, d), offsetof(struct mix, c)};
    char packed[64] = {0};
    /* How many elements lie in the first bytes of one struct after another (4 + 8 + 1 each). */
    static const struct {
        int bytes, count, elements;
    } cases[] = {{0, 0, 0},
                 {4, MPI_UNDEFINED, 1},
                 {12, MPI_UNDEFINED, 2},
                 {13, 1, 3},
                 {17, MPI_UNDEFINED, 4},
                 {26, 2, 6},
                 {38, MPI_UNDEFINED, 8},
                 {52, 4, 12}};

    MPI_Type_create_struct(3, lengths, where, parts, &type);
    MPI_Type_commit(&type);
    for (int i = 0; i < T_COUNT(cases); i++) {
        MPI_Status status = exchange(packed, cases[i].bytes, MPI_PACKED, in, 4, type);
        check(&status, type, cases[i].count, cases[i].elements, "struct");
        check(&status, MPI_PACKED, cases[i].bytes, cases[i].bytes, "packed");
    }
    MPI_Type_free(&type);
}

/* A pair type: two elements each. */
static void pairs(void)
{
    struct {
        double d;
        int i;
    } out[5], in[5];
    MPI_Status status;

    memset(out, 0, sizeof out);
    status = exchange(out, 5, MPI_DOUBLE_INT, in, 5, MPI_DOUBLE_INT);
    check(&status, MPI_DOUBLE_INT, 5, 10, "double_int");
}

static void empty_types(void)
{
    MPI_Datatype nothing;
    MPI_Status status;
    int count = -5;

    MPI_Type_contiguous(0, MPI_INT, &nothing);
    MPI_Type_commit(&nothing);
    status = exchange(NULL, 7, nothing, NULL, 9, nothing);
    MPI_Get_count(&status, nothing, &count);
    CHECK(count == 0, "a message of empty types has count %d", count);
    MPI_Get_count(&status, MPI_INT, &count);
    CHECK(count == 0, "a message of empty types has %d ints", count);
    MPI_Type_free(&nothing);
}

int main(int argc, char **argv)
{
    static const int sent[] = {0, 1, 2, 3, 4, 5, 6, 12, 100, 3000, 3001, 100000, 100001, 150000};

    t_init(&argc, &argv);
    peer = t_partner();
    for (int i = 0; i < T_COUNT(sent); i++)
        rows(sent[i]);
    structures();
    pairs();
    empty_types();
    return t_finish();
}
