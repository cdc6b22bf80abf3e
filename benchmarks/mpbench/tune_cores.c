/* mpbench tune: what it takes until another core sees a flag, and until another process has the core. */
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

/* Two lines apart, since processors fetch lines in pairs. */
struct flags {
    _Alignas(128) atomic_long there; /* release here pairs with the acquire in await() */
    _Alignas(128) atomic_long back;  /* so does this one's */
    bool yields;
};

static void await(struct flags *flags, atomic_long *flag, long value)
{
    while (atomic_load_explicit(flag, memory_order_acquire) != value)
        if (flags->yields)
            sched_yield();
}

/* Runs until it is killed, at the latest when this process ends. */
static pid_t start_echo(struct flags *flags, const cpu_set_t *cpus)
{
    pid_t pid = fork();

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        sched_setaffinity(0, sizeof *cpus, cpus);
        for (long next = 1;; next++) {
            await(flags, &flags->there, next);
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
            await(flags, &flags->back, sent);
        }
        double spent = (clock_now() - begin) / (2 * TRIPS);
        best = spent < best ? spent : best;
    }
    return best;
}

static double measure_with(const cpu_set_t *theirs, bool yields)
{
    struct flags *flags = mmap(NULL, sizeof *flags, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (flags == MAP_FAILED)
        return -1;
    flags->yields = yields;
    pid_t echo = start_echo(flags, theirs);
    double seconds = echo > 0 ? one_way(flags) : -1;
    if (echo > 0) {
        kill(echo, SIGKILL);
        waitpid(echo, NULL, 0);
    }
    munmap(flags, sizeof *flags);
    return seconds;
}

/* A processor beside this one that this process could be moved to; false: there is none. */
static bool find_other(int own, cpu_set_t *other)
{
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        CPU_ZERO(other);
        CPU_SET(cpu, other);
        if (cpu != own && sched_setaffinity(0, sizeof *other, other) == 0)
            return true;
    }
    return false;
}

void tune_cores(double *flag, double *turn)
{
    cpu_set_t before, own, other;
    int cpu = sched_getcpu();

    *flag = *turn = -1;
    if (cpu < 0 || sched_getaffinity(0, sizeof before, &before) != 0)
        return;
    bool several = find_other(cpu, &other);
    CPU_ZERO(&own);
    CPU_SET(cpu, &own);
    if (sched_setaffinity(0, sizeof own, &own) == 0) {
        *flag = several ? measure_with(&other, false) : -1;
        *turn = measure_with(&own, true);
    }
    sched_setaffinity(0, sizeof before, &before);
}
