/* Pipeline: each rank is a stage with a service time; slots between stages absorb the jitter. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "demo.h"
#include <time.h>

enum { TAG_ITEM = 1, TAG_FREE = 2, WORDS = 64 };

struct stage {
    int rank, size, before, after;
    long items, slots, service, jitter;
    double busy, waited;
    unsigned seed;
};

/* What stage `rank` makes of a number. The last stage can undo them all, so it can verify. */
static long apply(long number, int rank)
{
    return number * 3 + rank;
}

static long expected(long item, int word, int stages)
{
    long number = item * WORDS + word;

    for (int rank = 0; rank < stages; rank++)
        number = apply(number, rank);
    return number;
}

/* A generator of our own, so that the jitter is the same with every C library. */
static double random_unit(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / 16777216.0;
}

/* The service time is slept, as if a device did the work: the stages then overlap even where there
 * are fewer cores than ranks. */
static void serve(struct stage *stage, long *words)
{
    double start = MPI_Wtime();
    double swing = (double)stage->jitter / 100 * (2 * random_unit(&stage->seed) - 1);
    long nanoseconds = (long)((double)stage->service * 1000 * (1 + swing));
    struct timespec pause = {nanoseconds / 1000000000, nanoseconds % 1000000000};

    if (nanoseconds > 0)
        nanosleep(&pause, NULL);
    for (int i = 0; i < WORDS; i++)
        words[i] = apply(words[i], stage->rank);
    stage->busy += MPI_Wtime() - start;
}

/* Takes item number `item` out of its slot and tells the stage before that the slot is free. */
static void take(struct stage *stage, long item, long *slots, MPI_Request *full, long *words)
{
    long slot = item % stage->slots;
    double start = MPI_Wtime();

    MPI_Wait(&full[slot], MPI_STATUS_IGNORE);
    stage->waited += MPI_Wtime() - start;
    for (int i = 0; i < WORDS; i++)
        words[i] = slots[slot * WORDS + i];
    if (item + stage->slots < stage->items) {
        MPI_Irecv(&slots[slot * WORDS], WORDS, MPI_LONG, stage->before, TAG_ITEM, MPI_COMM_WORLD,
                  &full[slot]);
        MPI_Send(NULL, 0, MPI_LONG, stage->before, TAG_FREE, MPI_COMM_WORLD);
    }
}

/* Hands an item on; the first ones have free slots, each later one waits for one. */
static void hand_on(struct stage *stage, long item, const long *words)
{
    double start = MPI_Wtime();

    if (item >= stage->slots)
        MPI_Recv(NULL, 0, MPI_LONG, stage->after, TAG_FREE, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Send(words, WORDS, MPI_LONG, stage->after, TAG_ITEM, MPI_COMM_WORLD);
    stage->waited += MPI_Wtime() - start;
}

static long verify(long item, const long *words, int stages)
{
    long wrong = 0;

    for (int i = 0; i < WORDS; i++)
        wrong += words[i] != expected(item, i, stages);
    return wrong;
}

static long run(struct stage *stage)
{
    long *slots = demo_alloc((size_t)(stage->slots * WORDS) * sizeof *slots);
    MPI_Request *full = demo_alloc((size_t)stage->slots * sizeof *full);
    long words[WORDS], wrong = 0;
    int first = stage->rank == 0, last = stage->rank == stage->size - 1;

    for (long slot = 0; slot < stage->slots && slot < stage->items && !first; slot++)
        MPI_Irecv(&slots[slot * WORDS], WORDS, MPI_LONG, stage->before, TAG_ITEM, MPI_COMM_WORLD,
                  &full[slot]);
    /* All slots are there before the first item is sent to one. */
    MPI_Barrier(MPI_COMM_WORLD);
    for (long item = 0; item < stage->items; item++) {
        for (int i = 0; i < WORDS && first; i++)
            words[i] = item * WORDS + i;
        if (!first)
            take(stage, item, slots, full, words);
        serve(stage, words);
        if (!last)
            hand_on(stage, item, words);
        else
            wrong += verify(item, words, stage->size);
    }
    free(full);
    free(slots);
    return wrong;
}

/* Prints the table on rank 0; returns the service time of the slowest stage as it really was. */
static double show(const struct stage *stage)
{
    double mine[2] = {stage->busy, stage->waited}, slowest = 0;
    double *all = demo_alloc((size_t)stage->size * sizeof mine);

    MPI_Gather(mine, 2, MPI_DOUBLE, all, 2, MPI_DOUBLE, 0, MPI_COMM_WORLD);
    if (stage->rank == 0)
        printf("%6s %14s %10s\n", "stage", "service us", "waited");
    for (int i = 0; i < stage->size && stage->rank == 0; i++) {
        double busy = all[2 * i], waited = all[2 * i + 1];
        double service = busy / (double)stage->items;
        printf("%6d %14.1f %9.1f%%\n", i, service * 1e6, 100 * waited / (busy + waited));
        slowest = service > slowest ? service : slowest;
    }
    free(all);
    return slowest;
}

int main(int argc, char **argv)
{
    struct stage stage = {.items = 200, .slots = 1, .service = 300, .jitter = 50};
    const struct demo_option options[] = {
        {'i', "items", &stage.items, 1, 1000000000},
        {'s', "slots between two stages", &stage.slots, 1, 10000},
        {'t', "service time of a stage in microseconds", &stage.service, 0, 1000000},
        {'j', "jitter of the service time in percent", &stage.jitter, 0, 100},
        {0},
    };

    MPI_Init(&argc, &argv);
    int answer = demo_parse(argc, argv, "pipeline", options);
    if (answer) {
        MPI_Finalize();
        return answer == 1 ? 0 : answer;
    }
    MPI_Comm_rank(MPI_COMM_WORLD, &stage.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &stage.size);
    stage.before = stage.rank - 1;
    stage.after = stage.rank + 1;
    stage.seed = (unsigned)stage.rank + 1;
    double start = MPI_Wtime();
    long wrong = run(&stage);
    MPI_Barrier(MPI_COMM_WORLD);
    double rate = (double)stage.items / (MPI_Wtime() - start), slowest = show(&stage);
    return demo_finish("pipeline", wrong,
                       "%ld items through %ld-slot buffers, %.0f items/s, "
                       "%.0f%% of what the slowest stage allows",
                       stage.items, stage.slots, rate, 100 * rate * slowest);
}
