/* p2p_push.c - many long messages under way both ways between neighbours: contiguous and not, with the receives before
 * or after them, and short ones that wait for their receive as well. Over libfabric those up to 160 KiB are written by
 * their sender, a few at a time. Argument: "written" where that is so. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { WINDOW = 24, ROUNDS = 12, MOST = 163841, TAG = 71, HOLES = 3 };

static const int sizes[] = {65537, 163840, 1, 100000, 163841, 65540, 163839, 8, 131072};

static unsigned char *in[WINDOW], *out[WINDOW];
static int right, left;

static int size_of(int round, int i)
{
    return sizes[(round * 5 + i) % T_COUNT(sizes)];
}

/* Some receives have holes: no sender can write those. */
static int has_holes(int round, int i)
{
    return (round + i) % 5 == 4 && size_of(round, i) > 1;
}

static uint64_t key_of(int rank, int round, int i)
{
    return (uint64_t)((rank * ROUNDS + round) * WINDOW + i);
}

static void receive(int round, int i, MPI_Request *request)
{
    int size = size_of(round, i);
    MPI_Datatype type;

    memset(in[i], T_GUARD_BYTE, (size_t)MOST * HOLES);
    if (!has_holes(round, i)) {
        CHECK_OK(MPI_Irecv(in[i], size, MPI_BYTE, left, TAG + i, MPI_COMM_WORLD, request));
        return;
    }
    CHECK_OK(MPI_Type_vector(size, 1, HOLES, MPI_BYTE, &type));
    CHECK_OK(MPI_Type_commit(&type));
    CHECK_OK(MPI_Irecv(in[i], 1, type, left, TAG + i, MPI_COMM_WORLD, request));
    CHECK_OK(MPI_Type_free(&type));
}

static void send(int round, int i, MPI_Request *request)
{
    size_t size = (size_t)size_of(round, i);

    t_fill(out[i], size, key_of(t_rank, round, i));
    CHECK_OK(size < 100 ? MPI_Issend(out[i], (int)size, MPI_BYTE, right, TAG + i, MPI_COMM_WORLD, request)
                        : MPI_Isend(out[i], (int)size, MPI_BYTE, right, TAG + i, MPI_COMM_WORLD, request));
}

/* Nothing but the message has come. */
static void look(int round, int i)
{
    int size = size_of(round, i), step = has_holes(round, i) ? HOLES : 1;
    size_t wrong = 0;

    for (int k = 1; step > 1 && k < size; k++) {
        wrong += !t_untouched(in[i] + (size_t)(k - 1) * HOLES + 1, HOLES - 1);
        in[i][k] = in[i][(size_t)k * HOLES];
    }
    long differs = t_differs(in[i], (size_t)size, key_of(left, round, i));
    CHECK(differs < 0, "message %d of round %d, %d bytes: byte %ld differs", i, round, size, differs);
    CHECK(wrong == 0, "message %d of round %d, %d bytes: %zu holes are filled", i, round, size, wrong);
    CHECK(step > 1 || t_untouched(in[i] + size, (size_t)MOST * HOLES - (size_t)size),
          "message %d of round %d: more than its %d bytes have come", i, round, size);
}

/* A send may end before the others: its memory is for something else then. */
static void exchange(int round)
{
    MPI_Request requests[2 * WINDOW];

    for (int k = 0; k < 2 * WINDOW; k++) {
        int i = k % WINDOW;
        if ((k < WINDOW) == (round % 3 > 0))
            receive(round, i, &requests[i]);
        else
            send(round, i, &requests[WINDOW + i]);
    }
    for (int ended = 0; ended < 2 * WINDOW; ended++) {
        int which;
        CHECK_OK(MPI_Waitany(2 * WINDOW, requests, &which, MPI_STATUS_IGNORE));
        if (which >= WINDOW)
            memset(out[which - WINDOW], 0xEE, MOST);
    }
    for (int i = 0; i < WINDOW; i++)
        look(round, i);
}

static unsigned long long written(void)
{
    unsigned long long count = 0;
    MPI_T_pvar_session session;
    MPI_T_pvar_handle handle;
    int index, provided, elements;

    CHECK_OK(MPI_T_init_thread(MPI_THREAD_SINGLE, &provided));
    CHECK_OK(MPI_T_pvar_get_index("written_messages", MPI_T_PVAR_CLASS_COUNTER, &index));
    CHECK_OK(MPI_T_pvar_session_create(&session));
    CHECK_OK(MPI_T_pvar_handle_alloc(session, index, NULL, &handle, &elements));
    CHECK_OK(MPI_T_pvar_start(session, handle));
    for (int round = 0; round < ROUNDS; round++)
        exchange(round);
    CHECK_OK(MPI_T_pvar_read(session, handle, &count));
    CHECK_OK(MPI_T_pvar_session_free(&session));
    CHECK_OK(MPI_T_finalize());
    return count;
}

int main(int argc, char **argv)
{
    int expected = 0;

    t_init(&argc, &argv);
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    for (int i = 0; i < WINDOW; i++) {
        in[i] = t_alloc((size_t)MOST * HOLES);
        out[i] = t_alloc(MOST);
    }
    for (int round = 0; round < ROUNDS && argc > 1; round++)
        for (int i = 0; i < WINDOW; i++)
            expected += !has_holes(round, i) && size_of(round, i) != MOST;
    int counted = (int)written();
    CHECK(counted == expected, "%d messages were written by their sender, not %d", counted, expected);
    for (int i = 0; i < WINDOW; i++) {
        CHECK(t_guards(in[i], (size_t)MOST * HOLES) && t_guards(out[i], MOST), "a guard of message %d is broken", i);
        t_free(in[i]);
        t_free(out[i]);
    }
    return t_finish();
}
