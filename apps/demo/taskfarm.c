/* Task farm: a master gives ranges to whoever is free (MPI_ANY_SOURCE); finds primes, verified. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "demo.h"

enum { TAG_READY = 1, TAG_PRIMES = 2, TAG_RANGE = 3, TAG_STOP = 4 };

struct farm {
    long limit, chunk, next;
    int size;
    long *tasks;   /* done by each rank */
    long sum, count;
    long *answer;
};

static int is_prime(long number)
{
    if (number < 2)
        return 0;
    for (long factor = 2; factor * factor <= number; factor++)
        if (number % factor == 0)
            return 0;
    return 1;
}

static int primes_between(long from, long to, long *primes)
{
    int count = 0;

    for (long number = from; number < to; number++)
        if (is_prime(number))
            primes[count++] = number;
    return count;
}

/* The serial answer by another way, a sieve, so that a mistake in is_prime shows as well. */
static void sieve(long limit, long *sum, long *count)
{
    char *crossed = demo_alloc((size_t)limit + 1);

    *sum = *count = 0;
    for (long number = 2; number < limit; number++) {
        if (crossed[number])
            continue;
        *sum += number;
        ++*count;
        for (long multiple = 2 * number; multiple < limit; multiple += number)
            crossed[multiple] = 1;
    }
    free(crossed);
}

static void add_up(struct farm *farm, int count)
{
    for (int i = 0; i < count; i++)
        farm->sum += farm->answer[i];
    farm->count += count;
}

/* Gives the next range to `worker`, or sends it home. Returns how many it sent home (0 or 1). */
static int employ(struct farm *farm, int worker)
{
    long range[2] = {farm->next, farm->next + farm->chunk};

    if (farm->next >= farm->limit) {
        MPI_Send(NULL, 0, MPI_LONG, worker, TAG_STOP, MPI_COMM_WORLD);
        return 1;
    }
    if (range[1] > farm->limit)
        range[1] = farm->limit;
    farm->next = range[1];
    farm->tasks[worker]++;
    MPI_Send(range, 2, MPI_LONG, worker, TAG_RANGE, MPI_COMM_WORLD);
    return 0;
}

/* Answers have no fixed length: the probe tells who speaks and how long the message is. */
static void master(struct farm *farm)
{
    for (int home = 0; home < farm->size - 1;) {
        MPI_Status status;
        int count;
        MPI_Probe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &status);
        MPI_Get_count(&status, MPI_LONG, &count);
        MPI_Recv(farm->answer, count, MPI_LONG, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
        if (status.MPI_TAG == TAG_PRIMES)
            add_up(farm, count);
        home += employ(farm, status.MPI_SOURCE);
    }
}

static void worker(struct farm *farm)
{
    MPI_Send(NULL, 0, MPI_LONG, 0, TAG_READY, MPI_COMM_WORLD);
    for (;;) {
        long range[2];
        MPI_Status status;
        MPI_Recv(range, 2, MPI_LONG, 0, MPI_ANY_TAG, MPI_COMM_WORLD, &status);
        if (status.MPI_TAG == TAG_STOP)
            return;
        int count = primes_between(range[0], range[1], farm->answer);
        MPI_Send(farm->answer, count, MPI_LONG, 0, TAG_PRIMES, MPI_COMM_WORLD);
    }
}

/* Without workers the master does the work itself. */
static void alone(struct farm *farm)
{
    for (; farm->next < farm->limit; farm->next += farm->chunk) {
        long to = farm->next + farm->chunk;
        add_up(farm, primes_between(farm->next, to < farm->limit ? to : farm->limit, farm->answer));
        farm->tasks[0]++;
    }
}

static long verify(const struct farm *farm)
{
    long sum, count, tasks = 0, wrong = 0;

    sieve(farm->limit, &sum, &count);
    printf("%6s %10s\n", "rank", "tasks");
    for (int rank = farm->size > 1; rank < farm->size; rank++) {
        printf("%6d %10ld\n", rank, farm->tasks[rank]);
        tasks += farm->tasks[rank];
    }
    wrong += sum != farm->sum;
    wrong += count != farm->count;
    wrong += tasks != (farm->limit + farm->chunk - 1) / farm->chunk;
    return wrong;
}

int main(int argc, char **argv)
{
    struct farm farm = {.limit = 60000, .chunk = 500};
    const struct demo_option options[] = {
        {'n', "look for primes below this", &farm.limit, 1, 100000000},
        {'c', "numbers in one task", &farm.chunk, 1, 10000000},
        {0},
    };
    int rank;
    long wrong = 0;

    MPI_Init(&argc, &argv);
    int answer = demo_parse(argc, argv, "taskfarm", options);
    if (answer) {
        MPI_Finalize();
        return answer == 1 ? 0 : answer;
    }
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &farm.size);
    farm.tasks = demo_alloc((size_t)farm.size * sizeof *farm.tasks);
    farm.answer = demo_alloc((size_t)farm.chunk * sizeof *farm.answer);
    if (farm.size == 1)
        alone(&farm);
    else if (rank == 0)
        master(&farm);
    else
        worker(&farm);
    if (rank == 0)
        wrong = verify(&farm);
    free(farm.answer);
    free(farm.tasks);
    return demo_finish("taskfarm", wrong, "%ld primes below %ld, sum %ld", farm.count, farm.limit,
                       farm.sum);
}
