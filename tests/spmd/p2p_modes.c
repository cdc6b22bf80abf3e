/* p2p_modes.c - all send modes: blocking, nonblocking, persistent; all protocols. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { MAX_SIZE = 1 << 20, TAG = 21 };

typedef int send_fn(const void *, int, MPI_Datatype, int, int, MPI_Comm);
typedef int isend_fn(const void *, int, MPI_Datatype, int, int, MPI_Comm, MPI_Request *);

static send_fn *const blocking[] = {MPI_Send, MPI_Ssend, MPI_Bsend, MPI_Rsend};
static isend_fn *const nonblocking[] = {MPI_Isend, MPI_Issend, MPI_Ibsend, MPI_Irsend};
static isend_fn *const persistent[] = {MPI_Send_init, MPI_Ssend_init, MPI_Bsend_init,
                                       MPI_Rsend_init};
static const int sizes[] = {0, 1, 8, 40, 41, 64, 1024, 4097, 8192, 16385, 65536, 131073, MAX_SIZE};

static int right, left;
static unsigned char *out, *in;

/* Posts the receive and makes sure that the right neighbour has done so too: ready mode needs
 * it. */
static MPI_Request post(int size)
{
    MPI_Request request;

    memset(in, T_GUARD_BYTE, (size_t)size);
    MPI_Irecv(in, size, MPI_BYTE, left, TAG, MPI_COMM_WORLD, &request);
    t_token(left, right);
    return request;
}

static void finish(MPI_Request *receive, int size, uint64_t key, const char *how, int mode)
{
    MPI_Status status;

    MPI_Wait(receive, &status);
    t_check_status(&status, left, TAG, size, how);
    CHECK(t_differs(in, (size_t)size, key + (uint64_t)left) < 0, "%s mode %d: %d bytes", how, mode,
          size);
}

static void one_blocking(int mode, int size)
{
    uint64_t key = (uint64_t)(mode * 10000 + size * 16);
    MPI_Request receive = post(size);

    t_fill(out, (size_t)size, key + (uint64_t)t_rank);
    CHECK_OK(blocking[mode](out, size, MPI_BYTE, right, TAG, MPI_COMM_WORLD));
    finish(&receive, size, key, "blocking", mode);
}

static void one_nonblocking(int mode, int size)
{
    uint64_t key = (uint64_t)(mode * 20000 + size * 16 + 1);
    MPI_Request receive = post(size), request = MPI_REQUEST_NULL;

    t_fill(out, (size_t)size, key + (uint64_t)t_rank);
    CHECK_OK(nonblocking[mode](out, size, MPI_BYTE, right, TAG, MPI_COMM_WORLD, &request));
    finish(&receive, size, key, "nonblocking", mode);
    CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
    CHECK(request == MPI_REQUEST_NULL, "mode %d: the request is still there", mode);
}

static void one_persistent(int mode, int size)
{
    MPI_Request request = MPI_REQUEST_NULL, same;

    CHECK_OK(persistent[mode](out, size, MPI_BYTE, right, TAG, MPI_COMM_WORLD, &request));
    same = request;
    for (int turn = 0; turn < 3; turn++) {
        uint64_t key = (uint64_t)(mode * 30000 + size * 16 + turn);
        MPI_Request receive = post(size);
        t_fill(out, (size_t)size, key + (uint64_t)t_rank);
        CHECK_OK(MPI_Start(&request));
        finish(&receive, size, key, "persistent", mode);
        CHECK_OK(MPI_Wait(&request, MPI_STATUS_IGNORE));
        CHECK(request == same, "mode %d: the persistent request changed", mode);
    }
    CHECK_OK(MPI_Request_free(&request));
    CHECK(request == MPI_REQUEST_NULL, "mode %d: MPI_Request_free left the handle", mode);
}

/* A synchronous send cannot be complete while its receive is not posted. */
static void synchronous_waits(int size)
{
    int peer = t_partner(), flag = 0;
    MPI_Request request;

    t_fill(out, (size_t)size, (uint64_t)t_rank);
    MPI_Issend(out, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &request);
    for (int i = 0; i < 200; i++) {
        if (!flag)
            MPI_Test(&request, &flag, MPI_STATUS_IGNORE);
        if ((i == 100 || i == 199) && peer != t_rank)
            t_token(peer, peer);
    }
    CHECK(!flag, "MPI_Issend of %d bytes completed before its receive was posted", size);
    MPI_Recv(in, size, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
    CHECK(t_differs(in, (size_t)size, (uint64_t)peer) < 0, "MPI_Issend: %d bytes differ", size);
}

int main(int argc, char **argv)
{
    int room = MAX_SIZE + MPI_BSEND_OVERHEAD;
    void *space, *detached;

    t_init(&argc, &argv);
    right = (t_rank + 1) % t_size;
    left = (t_rank + t_size - 1) % t_size;
    out = t_alloc(MAX_SIZE);
    in = t_alloc(MAX_SIZE);
    space = malloc((size_t)room);
    for (int i = 0; i < T_COUNT(sizes); i++) {
        for (int mode = 0; mode < 4; mode++) {
            MPI_Buffer_attach(space, room);
            one_blocking(mode, sizes[i]);
            MPI_Buffer_detach(&detached, &room);
            MPI_Buffer_attach(space, room);
            one_nonblocking(mode, sizes[i]);
            MPI_Buffer_detach(&detached, &room);
        }
        synchronous_waits(sizes[i]);
    }
    for (int i = 0; i < T_COUNT(sizes); i += 2) {
        for (int mode = 0; mode < 4; mode++) {
            MPI_Buffer_attach(space, room);
            one_persistent(mode, mode == 2 ? sizes[i] / 4 : sizes[i]);
            MPI_Buffer_detach(&detached, &room);
        }
    }
    CHECK(t_guards(in, MAX_SIZE) && t_guards(out, MAX_SIZE), "a guard was written");
    t_free(in);
    t_free(out);
    free(space);
    return t_finish();
}
