/* mpbench pipeline: stages with jittering service times and buffers of several depths between. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pipeline.h"
#include "mpbench.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { KEY_WORK = 0x200 };
enum work { WORK_AUTO, WORK_BUSY, WORK_SLEEP };

static struct plan plan = {.service = {1, {100}}, .jitter = 0.5, .items = 500};
static struct list slot_counts = {4, {0, 1, 2, 8}};
static enum work work = WORK_AUTO;

static const char *parse_number(const char *arg, double least, double most, double *value)
{
    struct list list;
    const char *wrong = list_parse(arg, &list);

    if (wrong)
        return wrong;
    *value = list.value[0];
    return list.count == 1 && *value >= least && *value <= most ? NULL : "out of range";
}

static const char *parse_work(const char *arg)
{
    static const char *const names[] = {"auto", "busy", "sleep"};

    for (int i = 0; i < 3; i++) {
        if (strcmp(arg, names[i]) == 0) {
            work = (enum work)i;
            return NULL;
        }
    }
    return "auto, busy or sleep was expected";
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    const char *wrong = NULL;
    double number;

    switch (key) {
    case 't':
        wrong = list_parse(arg, &plan.service);
        break;
    case 'j':
        wrong = parse_number(arg, 0, 100, &number);
        plan.jitter = wrong ? 0 : number / 100;
        break;
    case 'n':
        wrong = parse_number(arg, 2, 1e7, &number);
        plan.items = wrong ? 0 : (int)number;
        break;
    case 'b':
        wrong = list_parse(arg, &slot_counts);
        for (int i = 0; !wrong && i < slot_counts.count; i++)
            wrong = slot_counts.value[i] > 4096 ? "4096 slots at most" : NULL;
        break;
    case KEY_WORK:
        wrong = parse_work(arg);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    if (wrong)
        argp_failure(state, 0, 0, "%s: %s", arg, wrong);
    return wrong ? EINVAL : 0;
}

/* Busy stages need a core each; without enough of them a stage sleeps instead. */
static void decide_work(void)
{
    MPI_Comm node;
    int here;

    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    MPI_Comm_size(node, &here);
    MPI_Comm_free(&node);
    int crowded = here > sysconf(_SC_NPROCESSORS_ONLN), any;
    MPI_Allreduce(&crowded, &any, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    if (work == WORK_AUTO)
        work = any ? WORK_SLEEP : WORK_BUSY;
    /* The kernel's usual 50 us of slack would drown service times of 100 us. */
    if (work == WORK_SLEEP)
        prctl(PR_SET_TIMERSLACK, 1000UL, 0, 0, 0);
}

static void serve(double seconds)
{
    if (work == WORK_BUSY) {
        clock_spin(seconds);
    } else {
        struct timespec time = {.tv_sec = (time_t)seconds};
        time.tv_nsec = (long)(1e9 * (seconds - (double)time.tv_sec));
        nanosleep(&time, NULL);
    }
}

/* What a stage holds: slots + 1 items, and the requests of those handed over. */
struct stage {
    int me, last, slots, size;
    char *items;
    MPI_Request *requests;
};

static char *item_at(const struct stage *s, int item)
{
    return s->items + (size_t)(item % (s->slots + 1)) * (size_t)s->size;
}

static void take(const struct stage *s, int item)
{
    int64_t stamp = item;
    char *place = item_at(s, item);

    if (s->me == 0) {
        memcpy(place, &stamp, sizeof stamp);
        return;
    }
    MPI_Recv(place, s->size, MPI_BYTE, s->me - 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    memcpy(&stamp, place, sizeof stamp);
    if (stamp != item)
        bench_die("mpbench pipeline: stage %d got item %lld where %d was due", s->me,
                  (long long)stamp, item);
}

/* A synchronous send completes when the next stage takes the item, so as many of them under way as
 * there are slots is a buffer of exactly that depth, however much the library itself would hold. */
static void hand_over(const struct stage *s, int item)
{
    char *place = item_at(s, item);

    if (s->me == s->last)
        return;
    if (s->slots == 0) {
        MPI_Ssend(place, s->size, MPI_BYTE, s->me + 1, 0, MPI_COMM_WORLD);
        return;
    }
    MPI_Request *request = &s->requests[item % s->slots];
    MPI_Wait(request, MPI_STATUS_IGNORE);
    MPI_Issend(place, s->size, MPI_BYTE, s->me + 1, 0, MPI_COMM_WORLD, request);
}

/* Passes all items; returns on the last stage the seconds from its first item to its last. */
static double pass_items(const struct stage *s)
{
    double first = 0;

    MPI_Barrier(MPI_COMM_WORLD);
    for (int item = 0; item < plan.items; item++) {
        take(s, item);
        serve(plan_service(&plan, s->me, item));
        hand_over(s, item);
        if (item == 0)
            first = clock_now();
    }
    double seconds = clock_now() - first;
    MPI_Waitall(s->slots, s->requests, MPI_STATUSES_IGNORE);
    return seconds;
}

/* Items a second with that many slots, the median of the repetitions; known to rank 0. */
static double measure_slots(const struct options *options, int slots, int size)
{
    struct stage s = {.me = world_rank(), .last = world_size() - 1, .slots = slots, .size = size};
    double *samples = samples_new(options);

    s.items = buffer_new((size_t)(slots + 1) * (size_t)size);
    s.requests = (MPI_Request *)buffer_new((size_t)(slots + 1) * sizeof *s.requests);
    for (int i = 0; i < slots; i++)
        s.requests[i] = MPI_REQUEST_NULL;
    for (int i = 0; i < options->reps; i++) {
        samples[i] = (plan.items - 1) / pass_items(&s);
        progress_say(options, "pipeline: %d slots, repetition %d of %d", slots, i + 1,
                     options->reps);
    }
    double rate = stats_median(samples, options->reps);
    MPI_Bcast(&rate, 1, MPI_DOUBLE, s.last, MPI_COMM_WORLD);
    free(s.items);
    free(s.requests);
    free(samples);
    return rate;
}

static int run(const struct options *options)
{
    static const struct column columns[] = {{"slots", 0},        {"items_per_s", 1},
                                            {"ideal_per_s", 1},  {"bound_per_s", 1},
                                            {"of_bound_pct", 1}, {"of_ideal_pct", 1}};
    int size = options->sizes.count > 0 ? (int)options->sizes.value[0] : 8192;
    int stages = world_size();
    double bound = plan_bound(&plan, stages);

    if (size < 8)
        bench_die("mpbench pipeline: --size must be at least 8 for the stamp");
    decide_work();
    struct table *table = bench_table(options, "pipeline", columns, 6);
    table_fact(table, "stages", "%d", stages);
    table_fact(table, "slowest stage", "%.1f us, jitter +-%.0f%%", 1e6 / bound, 100 * plan.jitter);
    table_fact(table, "service", "%s", work == WORK_BUSY ? "busy" : "sleep");
    for (int i = 0; i < slot_counts.count; i++) {
        int slots = (int)slot_counts.value[i];
        double rate = measure_slots(options, slots, size);
        double ideal = plan_ideal(&plan, stages, slots);
        double row[] = {slots, rate, ideal, bound, 100 * rate / bound, 100 * rate / ideal};
        table_row(table, row);
    }
    table_close(table);
    return 0;
}

static const struct argp_option own_options[] = {
    {"service", 't', "LIST", 0,
     "Service time of each stage in us; the last one counts for the rest (default 100)", 0},
    {"jitter", 'j', "PERCENT", 0, "Service times vary evenly by so much (default 50)", 0},
    {"items", 'n', "N", 0, "Items in a repetition (default 500)", 0},
    {"slots", 'b', "LIST", 0, "Slots between stages; 0 is synchronous (default 0,1,2,8)", 0},
    {"work", KEY_WORK, "HOW", 0,
     "How a stage spends its time: busy, sleep or auto (busy while cores suffice; default)", 0},
    {0},
};

static const struct argp pipeline_argp = {.options = own_options, .parser = parse};

const struct bench bench_pipeline = {
    .name = "pipeline",
    .summary = "Throughput of a chain of stages, by the number of slots between them",
    .argp = &pipeline_argp,
    .min_ranks = 2,
    .run = run,
};
