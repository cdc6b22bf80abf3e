/* Harness of limits: a second process, processors, trial and repetitions. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "limits.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static struct list cpus;

static error_t parse(int key, char *arg, struct argp_state *state)
{
    if (key != 'c')
        return ARGP_ERR_UNKNOWN;
    const char *wrong = list_parse(arg, &cpus);
    if (!wrong && cpus.count != 2)
        wrong = "two processors were expected";
    if (!wrong)
        return 0;
    argp_failure(state, 0, 0, "--cpus=%s: %s", arg, wrong);
    return EINVAL;
}

static const struct argp_option own_options[] = {
    {"cpus", 'c', "A,B", 0, "Processors of the two processes (default: first and last allowed)", 0},
    {0}};

const struct argp cpus_argp = {.options = own_options, .parser = parse};

_Noreturn void limits_die(const char *format, ...)
{
    int error = errno;
    va_list args;

    fputs("limits: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, error ? ": %s\n" : "\n", strerror(error));
    exit(2);
}

/* Processors are numbered from 0; which = 0 asks for the first one allowed, 1 for the last one. */
static int allowed_cpu(const cpu_set_t *set, int which)
{
    int found = 0;

    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, set))
            continue;
        found = cpu;
        if (which == 0)
            break;
    }
    return found;
}

int limits_pin(int which)
{
    /* Both processes choose from the processors that were allowed at the start. */
    static cpu_set_t first_set;
    static bool known;
    cpu_set_t set;

    if (!known && sched_getaffinity(0, sizeof first_set, &first_set) != 0)
        limits_die("the processors of this process cannot be found out");
    known = true;
    int cpu = cpus.count ? (int)cpus.value[which] : allowed_cpu(&first_set, which);
    CPU_ZERO(&set);
    if (cpu < CPU_SETSIZE)
        CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0)
        limits_die("processor %d cannot be used; choose others with --cpus", cpu);
    return cpu;
}

/* A parent that spins on shared memory would never notice that its partner has gone. */
static void on_child(int signal)
{
    siginfo_t info = {0};

    (void)signal;
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0 &&
        info.si_code == CLD_EXITED && info.si_status != 0)
        _exit(2);
}

pid_t limits_fork(void (*work)(void *arg), void *arg)
{
    fflush(NULL);
    signal(SIGCHLD, on_child);
    pid_t child = fork();

    if (child < 0)
        limits_die("no second process");
    if (child > 0)
        return child;
    /* The handler is the parent's. */
    signal(SIGCHLD, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    limits_pin(1);
    work(arg);
    _exit(0);
}

void limits_join(pid_t child)
{
    int status;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            limits_die("the second process is lost");
    errno = 0;
    if (status != 0)
        limits_die("the second process failed");
}

static double timed(limits_fn fn, void *arg, long iters)
{
    double begin = clock_now();

    fn(arg, iters);
    return clock_now() - begin;
}

double limits_measure(const struct options *options, double rep_time, limits_fn fn, void *arg,
                      double *min, double *max)
{
    double *samples = malloc((size_t)options->reps * sizeof *samples);
    long iters = options->iters ? options->iters : 1;
    double taken;

    if (!samples)
        limits_die("no memory for %d repetitions", options->reps);
    if (options->rep_ms > 0)
        rep_time = 1e-3 * options->rep_ms;
    while (!options->iters && (taken = timed(fn, arg, iters)) < 0.9 * rep_time)
        iters = taken * 10 < rep_time ? iters * 10 : (long)((double)iters * rep_time / taken) + 1;
    for (int i = 0; i < options->reps; i++)
        samples[i] = timed(fn, arg, iters) / (double)iters;
    double median = stats_median(samples, options->reps);
    *min = samples[0];
    *max = samples[options->reps - 1];
    free(samples);
    return median;
}
