/* The ping-pong that latency, crossover, depth and datatype share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

double pingpong_run(void *arg, long iters)
{
    const struct pingpong p = *(struct pingpong *)arg;
    int me;

    MPI_Comm_rank(p.comm, &me);
    double begin = clock_now();
    if (me == 0) {
        for (long i = 0; i < iters; i++) {
            p.send(p.out, p.size, p.type, 1, p.tag, p.comm);
            MPI_Recv(p.in, p.size, p.type, 1, 0, p.comm, MPI_STATUS_IGNORE);
        }
    } else {
        for (long i = 0; i < iters; i++) {
            MPI_Recv(p.in, p.size, p.type, 0, p.tag, p.comm, MPI_STATUS_IGNORE);
            p.send(p.out, p.size, p.type, 0, 0, p.comm);
        }
    }
    return clock_now() - begin;
}

void pingpong_verify(struct pingpong *p)
{
    int me;

    MPI_Comm_rank(p->comm, &me);
    pattern_fill(p->out, (size_t)p->size, (unsigned)(p->size + me));
    pattern_fill(p->in, (size_t)p->size, 99);
    pingpong_run(p, 1);
    long wrong = pattern_check(p->in, (size_t)p->size, (unsigned)(p->size + 1 - me));
    if (wrong >= 0)
        bench_die("mpbench: byte %ld of a message of %d bytes arrived wrong", wrong, p->size);
}
