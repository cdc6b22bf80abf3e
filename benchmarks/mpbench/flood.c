/* mpbench flood: a sender that does not stop, a receiver that comes late; memory, drain time. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "mpbench.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TAG_FLOOD = 1, TAG_NEVER = 2, TAG_GO = 3, TAG_DONE = 4, KEY_MODE = 0x200, KEY_SECONDS };

/* How the receiver spends the time before it receives. */
enum late_mode { LATE_PROBE, LATE_SLEEP, LATE_MESSAGE };

static enum late_mode late_mode = LATE_PROBE;
static double late_seconds = 2;
static double messages = 500000;

/* What the two ends found, in KiB and seconds. */
struct figures {
    double late_grown, grown, drain, sender_grown, sending;
};

static error_t parse_mode(struct argp_state *state, const char *arg)
{
    static const char *const names[] = {"probe", "sleep", "message"};

    for (int i = 0; i < 3; i++) {
        if (strcmp(arg, names[i]) == 0) {
            late_mode = (enum late_mode)i;
            return 0;
        }
    }
    argp_failure(state, 0, 0, "--late=%s: probe, sleep or message was expected", arg);
    return EINVAL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct list list;
    const char *wrong;

    switch (key) {
    case KEY_MODE:
        return parse_mode(state, arg);
    case KEY_SECONDS:
    case 'm':
        wrong = list_parse(arg, &list);
        if (!wrong && list.count > 1)
            wrong = "one number was expected";
        if (wrong) {
            argp_failure(state, 0, 0, "%s: %s", arg, wrong);
            return EINVAL;
        }
        *(key == 'm' ? &messages : &late_seconds) = list.value[0];
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void sleep_for(double seconds)
{
    struct timespec time = {.tv_sec = (time_t)seconds};

    time.tv_nsec = (long)(1e9 * (seconds - (double)time.tv_sec));
    while (nanosleep(&time, &time) != 0 && errno == EINTR)
        continue;
}

/* In probe mode the receiver lets the library work, but asks for a message that never comes. */
static void be_late(int sender)
{
    double end = clock_now() + late_seconds;
    int flag = 0;
    char go;

    switch (late_mode) {
    case LATE_PROBE:
        while (clock_now() < end)
            MPI_Iprobe(sender, TAG_NEVER, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE);
        break;
    case LATE_SLEEP:
        sleep_for(late_seconds);
        break;
    case LATE_MESSAGE:
        MPI_Recv(&go, 1, MPI_BYTE, 1, TAG_GO, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        break;
    }
}

static void drain(const struct options *options, int sender, char *buffer, int size)
{
    for (long i = 0; i < (long)messages; i++) {
        long stamp;
        MPI_Recv(buffer, size, MPI_BYTE, sender, TAG_FLOOD, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        memcpy(&stamp, buffer, sizeof stamp);
        if (stamp != i)
            bench_die("mpbench flood: message %ld came where %ld was due", stamp, i);
        if (i % 4096 == 0)
            progress_say(options, "flood: received %ld of %.0f", i, messages);
    }
}

static void run_receiver(const struct options *options, int size, struct figures *figures)
{
    char *buffer = buffer_new((size_t)size);
    double before = memory_kib("VmRSS");
    bool peaks = memory_reset_peak();

    MPI_Barrier(MPI_COMM_WORLD);
    be_late(0);
    figures->late_grown = memory_kib("VmRSS") - before;
    double begin = clock_now();
    drain(options, 0, buffer, size);
    figures->drain = clock_now() - begin;
    /* Without a peak the present figure must do: libraries seldom give such memory back. */
    figures->grown = memory_kib(peaks ? "VmHWM" : "VmRSS") - before;
    if (late_mode == LATE_MESSAGE)
        MPI_Send(buffer, 1, MPI_BYTE, 1, TAG_DONE, MPI_COMM_WORLD);
    free(buffer);
}

static void run_sender(const struct options *options, int receiver, int size,
                       struct figures *figures)
{
    char *buffer = buffer_new((size_t)size);
    double before = memory_kib("VmRSS");
    bool peaks = memory_reset_peak();

    MPI_Barrier(MPI_COMM_WORLD);
    double begin = clock_now();
    for (long i = 0; i < (long)messages; i++) {
        memcpy(buffer, &i, sizeof i);
        MPI_Send(buffer, size, MPI_BYTE, receiver, TAG_FLOOD, MPI_COMM_WORLD);
        if (i % 4096 == 0)
            progress_say(options, "flood: sent %ld of %.0f", i, messages);
    }
    figures->sending = clock_now() - begin;
    figures->sender_grown = memory_kib(peaks ? "VmHWM" : "VmRSS") - before;
    free(buffer);
}

/* Rank 1 tells the receiver to begin. It then looks for the end only now and then: a rank that
 * spins in a library would take a core from the two that are measured. */
static void run_bystander(int rank, int receiver)
{
    char byte = 1;
    int done = 0;

    MPI_Barrier(MPI_COMM_WORLD);
    if (late_mode != LATE_MESSAGE || rank != 1)
        return;
    sleep_for(late_seconds);
    MPI_Send(&byte, 1, MPI_BYTE, receiver, TAG_GO, MPI_COMM_WORLD);
    while (!done) {
        sleep_for(1e-3);
        MPI_Iprobe(receiver, TAG_DONE, MPI_COMM_WORLD, &done, MPI_STATUS_IGNORE);
    }
    MPI_Recv(&byte, 1, MPI_BYTE, receiver, TAG_DONE, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

static void print(struct table *table, const struct figures *f, int size)
{
    double row[] = {messages,
                    size,
                    late_seconds,
                    f->drain,
                    f->grown / 1024,
                    f->late_grown / 1024,
                    f->sender_grown / 1024,
                    f->sending};

    table_row(table, row);
}

static int run(const struct options *options)
{
    static const struct column columns[] = {
        {"messages", 0},  {"size_B", 0},         {"late_s", 1},           {"drain_s", 3},
        {"grown_MiB", 2}, {"late_grown_MiB", 2}, {"sender_grown_MiB", 2}, {"sending_s", 3}};
    int size = options->sizes.count > 0 ? (int)options->sizes.value[0] : 1024;
    int rank = world_rank(), receiver = world_size() - 1;
    struct figures figures = {0}, all;

    if (size < (int)sizeof(long))
        bench_die("mpbench flood: --size must be at least %zu for the stamp", sizeof(long));
    if (late_mode == LATE_MESSAGE && world_size() < 3)
        bench_die("mpbench flood: --late=message needs a third rank that sends it (-n 3)");
    struct table *table = bench_table(options, "flood", columns, 8);
    if (rank == 0)
        run_sender(options, receiver, size, &figures);
    else if (rank == receiver)
        run_receiver(options, size, &figures);
    else
        run_bystander(rank, receiver);
    /* Each figure is zero on all ranks but the one that measured it. */
    MPI_Reduce(&figures, &all, 5, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
    if (table)
        print(table, &all, size);
    table_close(table);
    return 0;
}

static const struct argp_option own_options[] = {
    {"messages", 'm', "N", 0, "How many blocking sends (default 500000)", 0},
    {"late", KEY_MODE, "HOW", 0,
     "probe, sleep or message: until then the receiver probes for something else, sleeps outside "
     "MPI, or waits for a message "
     "of a third rank (default probe)",
     0},
    {"late-seconds", KEY_SECONDS, "S", 0, "How late the receiver is (default 2)", 0},
    {0},
};

static const struct argp flood_argp = {.options = own_options, .parser = parse};

const struct bench bench_flood = {
    .name = "flood",
    .summary = "500,000 messages of 1 KiB to a rank that comes late: its memory and drain time",
    .argp = &flood_argp,
    .min_ranks = 2,
    .run = run,
};
