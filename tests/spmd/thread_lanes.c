/* thread_lanes.c - communicators of different lanes: apart, mixed in one call, and left alone. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <pthread.h>

/* More communicators than there are lanes, so that every lane has one and some share one. */
enum { COMMS = 6, TURNS = 20, MOST = 200000, TAG = 7 };

static MPI_Comm comms[COMMS];
static int next, previous;

static const int sizes[] = {0, 8, 40, 41, 100, 4096, 32768, 32769, 70000, MOST};

static int size_of(int comm, int turn)
{
    return sizes[(comm * 3 + turn) % T_COUNT(sizes)];
}

static uint64_t key_of(int rank, int comm, int turn)
{
    return ((uint64_t)rank * COMMS + (uint64_t)comm) * 1000 + (uint64_t)turn;
}

/* ---- each thread with a communicator of its own ---------------------------------------------- */

static void receive_somehow(int how, unsigned char *buffer, int size, MPI_Comm comm)
{
    MPI_Message message;
    MPI_Status status;
    int flag = 0;

    switch (how % 4) {
        case 0:
            MPI_Recv(buffer, size, MPI_BYTE, MPI_ANY_SOURCE, MPI_ANY_TAG, comm, &status);
            break;
        case 1:
            MPI_Probe(previous, TAG, comm, MPI_STATUS_IGNORE);
            MPI_Recv(buffer, size, MPI_BYTE, previous, TAG, comm, &status);
            break;
        case 2:
            MPI_Mprobe(MPI_ANY_SOURCE, TAG, comm, &message, MPI_STATUS_IGNORE);
            MPI_Mrecv(buffer, size, MPI_BYTE, &message, &status);
            break;
        default:
            while (!flag)
                MPI_Iprobe(previous, MPI_ANY_TAG, comm, &flag, MPI_STATUS_IGNORE);
            MPI_Recv(buffer, size, MPI_BYTE, previous, TAG, comm, &status);
    }
    t_check_status(&status, previous, TAG, size, "received");
}

static void *exchange(void *arg)
{
    int own = *(int *)arg;

    for (int turn = 0; turn < TURNS; turn++) {
        int size = size_of(own, turn);
        unsigned char *out = t_alloc((size_t)size), *in = t_alloc((size_t)size);
        MPI_Request request;
        t_fill(out, (size_t)size, key_of(t_rank, own, turn));
        MPI_Isend(out, size, MPI_BYTE, next, TAG, comms[own], &request);
        receive_somehow(own + turn, in, size, comms[own]);
        CHECK(t_differs(in, (size_t)size, key_of(previous, own, turn)) < 0,
              "communicator %d, turn %d: %d bytes differ", own, turn, size);
        MPI_Wait(&request, MPI_STATUS_IGNORE);
        t_free(out);
        t_free(in);
    }
    return NULL;
}

static void in_threads(void *(*body)(void *))
{
    pthread_t threads[COMMS];
    int numbers[COMMS];

    for (int i = 0; i < COMMS; i++) {
        numbers[i] = i;
        if (pthread_create(&threads[i], NULL, body, &numbers[i]) != 0)
            abort();
    }
    for (int i = 0; i < COMMS; i++)
        pthread_join(threads[i], NULL);
}

/* ---- requests of all communicators in one call ----------------------------------------------- */

static void complete_mixed(int how, MPI_Request *requests)
{
    enum { COUNT = 2 * COMMS };
    int index, flag = 0, done = 0, some, indices[COUNT];

    switch (how % 4) {
        case 0: MPI_Waitall(COUNT, requests, MPI_STATUSES_IGNORE); break;
        case 1:
            for (int i = 0; i < COUNT; i++)
                MPI_Waitany(COUNT, requests, &index, MPI_STATUS_IGNORE);
            break;
        case 2:
            for (; done < COUNT; done += some)
                MPI_Waitsome(COUNT, requests, &some, indices, MPI_STATUSES_IGNORE);
            break;
        default:
            while (!flag)
                MPI_Testall(COUNT, requests, &flag, MPI_STATUSES_IGNORE);
    }
    for (int i = 0; i < COUNT; i++)
        CHECK(requests[i] == MPI_REQUEST_NULL, "how %d: request %d is still there", how, i);
}

static void *mix(void *arg)
{
    int base = 1000 * (1 + *(int *)arg);
    unsigned char *out = t_alloc(MOST), *in[COMMS];
    MPI_Request requests[2 * COMMS];

    t_fill(out, MOST, (uint64_t)t_rank);
    for (int i = 0; i < COMMS; i++)
        in[i] = t_alloc(MOST);
    for (int turn = 0; turn < TURNS; turn++) {
        for (int i = 0; i < COMMS; i++) {
            int size = size_of(i, turn);
            MPI_Irecv(in[i], size, MPI_BYTE, previous, base + turn, comms[i], &requests[i]);
            MPI_Isend(out, size, MPI_BYTE, next, base + turn, comms[i],
                      &requests[COMMS + i]);
        }
        complete_mixed(base / 1000 + turn, requests);
        for (int i = 0; i < COMMS; i++)
            CHECK(t_differs(in[i], (size_t)size_of(i, turn), (uint64_t)previous) < 0,
                  "turn %d: communicator %d differs", turn, i);
    }
    for (int i = 0; i < COMMS; i++)
        t_free(in[i]);
    t_free(out);
    return NULL;
}

/* ---- a lane that nobody is in ---------------------------------------------------------------- */

/* The first of a pair waits in one lane while its message in another has still to go: that must
 * get on, or the second never answers. Sleeping or spinning, all lanes are looked after. */
static void left_alone(void)
{
    unsigned char *buffer = t_alloc(MOST);
    int partner = t_partner(), answer = -1;

    for (int i = 0; i < COMMS && partner != t_rank; i++) {
        MPI_Comm other = comms[(i + 1) % COMMS];
        MPI_Request request;
        if (t_rank < partner) {
            t_fill(buffer, MOST, (uint64_t)i);
            MPI_Issend(buffer, MOST, MPI_BYTE, partner, TAG, comms[i], &request);
            MPI_Recv(&answer, 1, MPI_INT, partner, TAG, other, MPI_STATUS_IGNORE);
            CHECK(answer == i, "answer %d instead of %d", answer, i);
            MPI_Wait(&request, MPI_STATUS_IGNORE);
        } else {
            MPI_Recv(buffer, MOST, MPI_BYTE, partner, TAG, comms[i], MPI_STATUS_IGNORE);
            CHECK(t_differs(buffer, MOST, (uint64_t)i) < 0, "communicator %d differs", i);
            MPI_Send(&i, 1, MPI_INT, partner, TAG, other);
        }
    }
    t_free(buffer);
}

/* ---- what ends while a message still needs it ------------------------------------------------ */

static void freed_early(void)
{
    int pairs[4] = {1, 2, 3, 4}, got[4];

    for (int turn = 0; turn < 50; turn++) {
        MPI_Comm comm;
        MPI_Datatype type;
        MPI_Request requests[2];
        MPI_Comm_dup(MPI_COMM_WORLD, &comm);
        MPI_Type_vector(2, 1, 2, MPI_INT, &type);
        MPI_Type_commit(&type);
        got[0] = got[2] = -1;
        MPI_Irecv(got, 1, type, previous, TAG, comm, &requests[0]);
        MPI_Issend(pairs, 1, type, next, TAG, comm, &requests[1]);
        MPI_Type_free(&type);
        MPI_Comm_free(&comm);
        MPI_Wait(&requests[0], MPI_STATUS_IGNORE);
        MPI_Wait(&requests[1], MPI_STATUS_IGNORE);
        CHECK(got[0] == 1 && got[2] == 3, "turn %d: got %d and %d", turn, got[0], got[2]);
    }
}

/* ---- buffered sends: one account for all lanes ----------------------------------------------- */

static void *send_buffered(void *arg)
{
    int own = *(int *)arg;
    unsigned char *out = t_alloc(MOST), *in = t_alloc(MOST);

    for (int turn = 0; turn < TURNS; turn++) {
        int size = size_of(own, turn);
        t_fill(out, (size_t)size, key_of(t_rank, own, turn));
        MPI_Bsend(out, size, MPI_BYTE, next, TAG, comms[own]);
        MPI_Recv(in, size, MPI_BYTE, previous, TAG, comms[own], MPI_STATUS_IGNORE);
        CHECK(t_differs(in, (size_t)size, key_of(previous, own, turn)) < 0,
              "communicator %d, turn %d: %d bytes differ", own, turn, size);
    }
    t_free(out);
    t_free(in);
    return NULL;
}

static void buffered(void)
{
    void *buffer;
    int size;

    MPI_Buffer_attach(MPI_BUFFER_AUTOMATIC, 0);
    in_threads(send_buffered);
    MPI_Buffer_detach(&buffer, &size);
}

/* ---- an error in a lane ---------------------------------------------------------------------- */

static int handled;

/* Calls MPI about other communicators, of all lanes, while other threads are busy in them. */
static void handler(MPI_Comm *comm, int *code, ...)
{
    int in = -1, out = 5, class;

    (void)comm;
    MPI_Error_class(*code, &class);
    if (class != MPI_ERR_TRUNCATE)
        return;
    for (int i = 0; i < COMMS; i++)
        MPI_Sendrecv(&out, 1, MPI_INT, t_rank, 99, &in, 1, MPI_INT, t_rank, 99, comms[i],
                     MPI_STATUS_IGNORE);
    __atomic_fetch_add(&handled, in == 5, __ATOMIC_RELAXED);
}

static void *truncate_some(void *arg)
{
    int own = *(int *)arg, two[2] = {1, 2}, one;

    for (int turn = 0; turn < TURNS; turn++) {
        MPI_Request request;
        MPI_Isend(two, 2, MPI_INT, t_rank, TAG, comms[own], &request);
        int code = MPI_Recv(&one, 1, MPI_INT, t_rank, TAG, comms[own], MPI_STATUS_IGNORE);
        CHECK(t_class(code) == MPI_ERR_TRUNCATE, "code %d", code);
        MPI_Wait(&request, MPI_STATUS_IGNORE);
    }
    return NULL;
}

static void errors(void)
{
    MPI_Errhandler errhandler;

    MPI_Comm_create_errhandler(handler, &errhandler);
    for (int i = 0; i < COMMS; i++)
        MPI_Comm_set_errhandler(comms[i], errhandler);
    in_threads(truncate_some);
    CHECK(handled == COMMS * TURNS, "%d errors were handled", handled);
    MPI_Errhandler_free(&errhandler);
}

int main(int argc, char **argv)
{
    t_init_threads(&argc, &argv);
    next = (t_rank + 1) % t_size;
    previous = (t_rank + t_size - 1) % t_size;
    for (int i = 0; i < COMMS; i++)
        MPI_Comm_dup(MPI_COMM_WORLD, &comms[i]);
    in_threads(exchange);
    in_threads(mix);
    left_alone();
    freed_early();
    buffered();
    errors();
    for (int i = 0; i < COMMS; i++)
        MPI_Comm_free(&comms[i]);
    return t_finish();
}
