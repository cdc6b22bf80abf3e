/* flow_reuse.c - memory that is written again as soon as its send is complete, while the receiver has not come yet. Some
 * sends are cancelled, and some requests given away at once. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <time.h>

enum { MANY = 420, MOST = 65537, TAG = 171, TOLD = 172, SPOILED = 0xEE };

/* Around what goes straight out of the program's memory between nodes, and what is eager. */
static const int sizes[] = {4095, 4096, 4097, 16000, 32767, 32768, 32769, 65535, 65536, 65537};

static struct message {
    MPI_Request request;
    unsigned char *memory;
    int went; /* it was not cancelled */
} messages[MANY];

static int size_of(int i)
{
    return sizes[i % T_COUNT(sizes)];
}

static void start(int i, int to)
{
    messages[i].memory = t_alloc((size_t)size_of(i));
    messages[i].went = 1;
    t_fill(messages[i].memory, (size_t)size_of(i), (uint64_t)i);
    CHECK_OK(MPI_Isend(messages[i].memory, size_of(i), MPI_BYTE, to, TAG, MPI_COMM_WORLD, &messages[i].request));
    if (i % 11 == 5)
        CHECK_OK(MPI_Request_free(&messages[i].request)); /* whose memory stays as it is */
    if (i % 13 == 7 && messages[i].request != MPI_REQUEST_NULL)
        CHECK_OK(MPI_Cancel(&messages[i].request));
}

static void look(int i)
{
    MPI_Status status;
    int done = 0, cancelled = 0;

    if (messages[i].request == MPI_REQUEST_NULL)
        return;
    CHECK_OK(MPI_Test(&messages[i].request, &done, &status));
    if (done) {
        CHECK_OK(MPI_Test_cancelled(&status, &cancelled));
        messages[i].went = !cancelled;
        memset(messages[i].memory, SPOILED, (size_t)size_of(i));
    }
}

static int are_there_others(void)
{
    int others = 0;

    for (int i = 0; i < MANY; i++)
        others += messages[i].request != MPI_REQUEST_NULL;
    return others;
}

/* Looks at them also while the receiver is elsewhere; the last ones need it. */
static void send_all(int to)
{
    int went[MANY];

    for (int i = 0; i < MANY; i++) {
        start(i, to);
        for (int k = i > 8 ? i - 8 : 0; k <= i; k++)
            look(k);
    }
    while (are_there_others() > 0) {
        for (int i = 0; i < MANY; i++)
            look(i);
    }
    for (int i = 0; i < MANY; i++)
        went[i] = messages[i].went;
    CHECK_OK(MPI_Send(went, MANY, MPI_INT, to, TOLD, MPI_COMM_WORLD));
    /* The receiver has all: those whose requests were given away have left, too. */
    CHECK_OK(MPI_Recv(NULL, 0, MPI_BYTE, to, TOLD, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    for (int i = 0; i < MANY; i++)
        t_free(messages[i].memory);
}

/* The order of the messages is kept, so that one that is missing has been cancelled: it is seen by its length or by what
 * is in it, and the sender has to agree. */
static void receive_all(int from)
{
    const struct timespec pause = {0, 60000000};
    unsigned char *memory = t_alloc(MOST);
    int went[MANY], got[MANY] = {0}, flag = 0, len = 0, i = 0;

    nanosleep(&pause, NULL);
    while (!flag) {
        MPI_Status status;
        CHECK_OK(MPI_Probe(from, MPI_ANY_TAG, MPI_COMM_WORLD, &status));
        flag = status.MPI_TAG == TOLD;
        if (!flag) {
            CHECK_OK(MPI_Recv(memory, MOST, MPI_BYTE, from, TAG, MPI_COMM_WORLD, &status));
            MPI_Get_count(&status, MPI_BYTE, &len);
            while (i < MANY && (len != size_of(i) || t_differs(memory, (size_t)len, (uint64_t)i) >= 0))
                i++;
            CHECK(i < MANY, "a message of %d bytes is none of those that were sent", len);
            if (i < MANY)
                got[i++] = 1;
        }
    }
    CHECK_OK(MPI_Recv(went, MANY, MPI_INT, from, TOLD, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
    for (i = 0; i < MANY; i++)
        CHECK(got[i] == went[i], "message %d of %d bytes: came %d, was sent %d", i, size_of(i), got[i], went[i]);
    CHECK_OK(MPI_Send(NULL, 0, MPI_BYTE, from, TOLD, MPI_COMM_WORLD));
    t_free(memory);
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    int peer = t_partner();
    if (peer != t_rank && t_rank % 2 == 0)
        send_all(peer);
    else if (peer != t_rank)
        receive_all(peer);
    return t_finish();
}
