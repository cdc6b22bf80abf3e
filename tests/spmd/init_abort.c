/* init_abort.c - ends a job in the way that its argument names; for abort.sh. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

/* The other ranks wait for a message that never comes: only the end of the job can free them. */
static void wait_forever(void)
{
    int x;

    MPI_Recv(&x, 1, MPI_INT, MPI_ANY_SOURCE, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

/* A message longer than its buffer, under the default handler: fatal, with a line that tells
 * all. */
static void truncate_fatally(void)
{
    char big[100] = {0}, small[10];
    MPI_Request request;

    MPI_Isend(big, 100, MPI_BYTE, t_rank, 77, MPI_COMM_SELF, &request);
    MPI_Recv(small, 10, MPI_BYTE, 0, 77, MPI_COMM_SELF, MPI_STATUS_IGNORE);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
}

static void *receive_little(void *arg)
{
    char small[10];

    MPI_Recv(small, 10, MPI_BYTE, 0, 77, MPI_COMM_SELF, MPI_STATUS_IGNORE);
    return arg;
}

/* The error of a thread that waits, while another one is in another call. */
static void truncate_in_a_thread(void)
{
    char big[100] = {0};
    pthread_t thread;

    if (pthread_create(&thread, NULL, receive_little, NULL) != 0)
        abort();
    usleep(100000);
    MPI_Send(big, 100, MPI_BYTE, 0, 77, MPI_COMM_SELF);
    pthread_join(thread, NULL);
}

static void call_late(void)
{
    MPI_Comm_free(&t_agree);
    MPI_Finalize();
    MPI_Barrier(MPI_COMM_WORLD);
    exit(0);
}

/* usage: init_abort HOW RANK CODE */
int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "abort";
    int actor = argc > 2 ? atoi(argv[2]) : 0, code = argc > 3 ? atoi(argv[3]) : 1;

    if (strcmp(how, "early") == 0)
        MPI_Barrier(MPI_COMM_WORLD);
    if (strcmp(how, "truncate-thread") == 0)
        t_init_threads(&argc, &argv);
    else
        t_init(&argc, &argv);
    if (strcmp(how, "late") == 0)
        call_late();
    if (strcmp(how, "twice") == 0)
        MPI_Init(NULL, NULL);
    if (strcmp(how, "return") == 0) {
        MPI_Finalize();
        return t_rank == actor ? code : 0;
    }
    if (t_rank != actor)
        wait_forever();
    if (strcmp(how, "abort") == 0)
        MPI_Abort(MPI_COMM_WORLD, code);
    if (strcmp(how, "abort-self") == 0)
        MPI_Abort(MPI_COMM_SELF, code);
    if (strcmp(how, "badrank") == 0)
        MPI_Send(NULL, 0, MPI_BYTE, t_size + 5, 3, MPI_COMM_WORLD);
    if (strcmp(how, "truncate") == 0)
        truncate_fatally();
    if (strcmp(how, "truncate-thread") == 0)
        truncate_in_a_thread();
    if (strcmp(how, "signal") == 0)
        raise(SIGKILL);
    if (strcmp(how, "exit") == 0)
        _Exit(code);
    wait_forever();
    return 0;
}
