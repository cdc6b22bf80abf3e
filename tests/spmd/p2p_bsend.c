/* p2p_bsend.c - buffered sends: attach, many waiting, exhaustion, reuse, detach. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { MESSAGES = 40, TAG = 31 };

static int peer;

/* Forty messages of many sizes wait in the buffer until the receiver takes them, last tag first. */
static void many_waiting(void)
{
    int total = 0, back_size = 0;
    unsigned char *data = t_alloc(MESSAGES * 1000);
    void *space, *back = NULL;

    for (int i = 0; i < MESSAGES; i++)
        total += i * 1000 + MPI_BSEND_OVERHEAD;
    space = malloc((size_t)total);
    CHECK_OK(MPI_Buffer_attach(space, total));
    for (int i = 0; i < MESSAGES; i++) {
        t_fill(data, (size_t)(i * 1000), (uint64_t)(t_rank * 100 + i));
        CHECK_OK(MPI_Bsend(data, i * 1000, MPI_BYTE, peer, TAG + i, MPI_COMM_WORLD));
    }
    for (int i = MESSAGES - 1; i >= 0; i--) {
        MPI_Recv(data, i * 1000, MPI_BYTE, peer, TAG + i, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        CHECK(t_differs(data, (size_t)(i * 1000), (uint64_t)(peer * 100 + i)) < 0, "message %d", i);
    }
    CHECK_OK(MPI_Buffer_detach(&back, &back_size));
    CHECK(back == space && back_size == total, "detach gave %p %d, not %p %d", back, back_size,
          space, total);
    free(space);
    t_free(data);
}

/* A message that does not fit is MPI_ERR_BUFFER, and the next one that fits still goes. */
static void exhaustion(void)
{
    unsigned char space[2000 + MPI_BSEND_OVERHEAD], data[8000];
    void *back;
    int code, size;

    t_fill(data, 2000, (uint64_t)t_rank);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    code = MPI_Bsend(data, 8000, MPI_BYTE, peer, TAG, MPI_COMM_WORLD);
    CHECK(t_class(code) == MPI_ERR_BUFFER, "no buffer: class %d", t_class(code));
    MPI_Buffer_attach(space, (int)sizeof space);
    code = MPI_Bsend(data, 8000, MPI_BYTE, peer, TAG, MPI_COMM_WORLD);
    CHECK(t_class(code) == MPI_ERR_BUFFER, "too small: class %d", t_class(code));
    CHECK_OK(MPI_Bsend(data, 2000, MPI_BYTE, peer, TAG, MPI_COMM_WORLD));
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_ARE_FATAL);
    MPI_Recv(data, 2000, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    CHECK(t_differs(data, 2000, (uint64_t)peer) < 0, "the message after the failed ones differs");
    MPI_Buffer_detach(&back, &size);
}

/* Room for one message, which has been received: the next one has it, although the sender may not have heard yet. */
static void room_of_a_received_one(void)
{
    const int bytes = 100000;
    unsigned char *data = t_alloc((size_t)bytes), *space = t_alloc((size_t)bytes + MPI_BSEND_OVERHEAD);
    void *back;
    int size;

    MPI_Buffer_attach(space, bytes + MPI_BSEND_OVERHEAD);
    for (int i = 0; i < 3; i++) {
        CHECK_OK(MPI_Bsend(data, bytes, MPI_BYTE, 0, TAG, MPI_COMM_SELF));
        MPI_Recv(data, bytes, MPI_BYTE, 0, TAG, MPI_COMM_SELF, MPI_STATUS_IGNORE);
    }
    MPI_Buffer_detach(&back, &size);
    t_free(space);
    t_free(data);
}

/* The room of delivered messages is used again, whatever their sizes. */
static void reuse(void)
{
    unsigned char space[4 * (1500 + MPI_BSEND_OVERHEAD)], out[1500], in[1500];
    uint64_t state = t_seed();
    void *back;
    int size;

    MPI_Buffer_attach(space, (int)sizeof space);
    for (int i = 0; i < 500; i++) {
        int n[3];
        for (int k = 0; k < 3; k++) {
            n[k] = t_random(&state, 1500);
            t_fill(out, (size_t)n[k], (uint64_t)(i + k + t_rank));
            CHECK_OK(MPI_Bsend(out, n[k], MPI_BYTE, peer, TAG + k, MPI_COMM_WORLD));
        }
        for (int k = 2; k >= 0; k--) {
            MPI_Recv(in, n[k], MPI_BYTE, peer, TAG + k, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            CHECK(t_differs(in, (size_t)n[k], (uint64_t)(i + k + peer)) < 0, "turn %d.%d differs",
                  i, k);
        }
        t_token(peer, peer);
    }
    MPI_Buffer_detach(&back, &size);
}

/* A buffered send copies at once: the user's buffer may change although nothing was received. */
static void copied_at_once(void)
{
    unsigned char space[100000 + MPI_BSEND_OVERHEAD], *data = t_alloc(100000);
    MPI_Request request;
    void *back;
    int size;

    MPI_Buffer_attach(space, (int)sizeof space);
    t_fill(data, 100000, (uint64_t)t_rank);
    MPI_Ibsend(data, 100000, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &request);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    memset(data, 0, 100000);
    t_token(peer, peer);
    MPI_Recv(data, 100000, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    CHECK(t_differs(data, 100000, (uint64_t)peer) < 0, "the later contents were sent");
    MPI_Buffer_detach(&back, &size);
    t_free(data);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    peer = t_partner();
    many_waiting();
    exhaustion();
    room_of_a_received_one();
    reuse();
    copied_at_once();
    return t_finish();
}
