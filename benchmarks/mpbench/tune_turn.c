/* mpbench tune: what it takes until another process has the core. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRIPS = 2000, REPS = 15 };

struct flags {
    atomic_long there; /* release here pairs with the acquire in await() */
    atomic_long back;  /* so does this one's */
};

static void await(atomic_long *flag, long value)
{
    while (atomic_load_explicit(flag, memory_order_acquire) != value)
        sched_yield();
}

/* Runs until it is killed, at the latest when this process ends. */
static pid_t start_echo(struct flags *flags)
{
    pid_t pid = fork();

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (long next = 1;; next++) {
            await(&flags->there, next);
            atomic_store_explicit(&flags->back, next, memory_order_release);
        }
    }
    return pid;
}

/* Seconds of one way; others on the machine only make it slower. */
static double one_way(struct flags *flags)
{
    double best = 1;
    long sent = 0;

    for (int rep = 0; rep < REPS; rep++) {
        double begin = clock_now();
        for (int i = 0; i < TRIPS; i++) {
            atomic_store_explicit(&flags->there, ++sent, memory_order_release);
            await(&flags->back, sent);
        }
        double spent = (clock_now() - begin) / (2 * TRIPS);
        best = spent < best ? spent : best;
    }
    return best;
}

static double measure_here(struct flags *flags)
{
    pid_t echo = start_echo(flags);

    if (echo < 0)
        return -1;
    double seconds = one_way(flags);
    kill(echo, SIGKILL);
    waitpid(echo, NULL, 0);
    return seconds;
}

double tune_turn(void)
{
    cpu_set_t before, own;
    int cpu = sched_getcpu();
    struct flags *flags = mmap(NULL, sizeof *flags, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    double seconds = -1;

    if (flags == MAP_FAILED)
        return -1;
    CPU_ZERO(&own);
    if (cpu >= 0 && sched_getaffinity(0, sizeof before, &before) == 0) {
        CPU_SET(cpu, &own);
        if (sched_setaffinity(0, sizeof own, &own) == 0)
            seconds = measure_here(flags);
        sched_setaffinity(0, sizeof before, &before);
    }
    munmap(flags, sizeof *flags);
    return seconds;
}
