/* wait_home.c - ranks that share cores, and wait for each other all the time, are bound to nothing by it; and what the
 * program binds them to stays. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <sched.h>

#include "test.h"

enum { ROUNDS = 3000 };

static void wait_often(void)
{
    for (int i = 0; i < ROUNDS; i++)
        MPI_Barrier(MPI_COMM_WORLD);
}

static void check_mask(const cpu_set_t *expected, const char *what)
{
    cpu_set_t now;

    CHECK(sched_getaffinity(0, sizeof now, &now) == 0, "%s: no mask", what);
    CHECK(CPU_EQUAL(&now, expected), "%s: may use %d CPUs, not %d", what, CPU_COUNT(&now), CPU_COUNT(expected));
}

int main(int argc, char **argv)
{
    cpu_set_t all, one;

    sched_getaffinity(0, sizeof all, &all);
    t_init(&argc, &argv);
    check_mask(&all, "after MPI_Init");
    wait_often();
    check_mask(&all, "after waiting");
    CPU_ZERO(&one);
    for (int cpu = 0; CPU_COUNT(&one) == 0; cpu++)
        if (CPU_ISSET(cpu, &all))
            CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
    wait_often();
    check_mask(&one, "bound by the program");
    CHECK(CPU_ISSET(sched_getcpu(), &one), "on CPU %d", sched_getcpu());
    return t_finish();
}
