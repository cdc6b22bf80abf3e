/* wait_cpu.c - a rank that waits a second for its peer leaves the core to others. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* The one test that looks at time, and only at processor time: half a second of it in a wait of one
 * second is too much. */
#include "test.h"
#include <sys/resource.h>
#include <time.h>

enum { TAG = 241, BIG = 4 << 20 };

static unsigned char *buf;

static double cpu_seconds(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void by_recv(void)
{
    MPI_Recv(buf, 8, MPI_BYTE, 0, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

static void by_wildcard(void)
{
    MPI_Request requests[2];
    int index, other = -1;

    MPI_Irecv(&other, 1, MPI_INT, MPI_ANY_SOURCE, TAG + 1, MPI_COMM_WORLD, &requests[0]);
    MPI_Irecv(buf, 8, MPI_BYTE, MPI_ANY_SOURCE, TAG, MPI_COMM_WORLD, &requests[1]);
    MPI_Waitany(2, requests, &index, MPI_STATUS_IGNORE);
    CHECK(index == 1, "index %d", index);
    MPI_Cancel(&requests[0]);
    MPI_Wait(&requests[0], MPI_STATUS_IGNORE);
}

static void by_probe(void)
{
    MPI_Probe(MPI_ANY_SOURCE, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    by_recv();
}

/* The sender of a large message waits for its receiver. */
static void by_ssend(void)
{
    MPI_Ssend(buf, BIG, MPI_BYTE, 0, TAG, MPI_COMM_WORLD);
}

static void by_barrier(void)
{
    MPI_Barrier(MPI_COMM_WORLD);
}

/* What the late rank does when it has slept. */
static void answer(int receiving, int collective)
{
    if (collective)
        MPI_Barrier(MPI_COMM_WORLD);
    for (int r = 1; r < t_size && !collective; r++) {
        if (receiving)
            MPI_Recv(buf, BIG, MPI_BYTE, r, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        else
            MPI_Send(buf, 8, MPI_BYTE, r, TAG, MPI_COMM_WORLD);
    }
}

static void one_wait(const char *name, void (*wait)(void), int receiving, int collective)
{
    struct timespec second = {1, 0};
    double before, used;

    MPI_Barrier(MPI_COMM_WORLD);
    before = cpu_seconds();
    if (t_rank == 0) {
        nanosleep(&second, NULL);
        answer(receiving, collective);
    } else {
        wait();
    }
    used = cpu_seconds() - before;
    CHECK(used < 0.5, "waiting by %s took %.2f s of processor time", name, used);
}

/* The others are in MPI_Finalize long before rank 0 comes to it. */
static int end_late(void)
{
    struct timespec second = {1, 0};
    double before;
    int verdict;

    MPI_Barrier(MPI_COMM_WORLD);
    before = cpu_seconds();
    if (t_rank == 0)
        nanosleep(&second, NULL);
    verdict = t_finish();
    before = cpu_seconds() - before;
    CHECK(before < 0.5, "waiting in MPI_Finalize took %.2f s of processor time", before);
    return verdict || t_failures != 0;
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    buf = t_alloc(BIG);
    one_wait("MPI_Recv", by_recv, 0, 0);
    one_wait("MPI_Waitany", by_wildcard, 0, 0);
    one_wait("MPI_Probe", by_probe, 0, 0);
    one_wait("MPI_Ssend", by_ssend, 1, 0);
    one_wait("MPI_Barrier", by_barrier, 0, 1);
    t_free(buf);
    return end_late();
}
