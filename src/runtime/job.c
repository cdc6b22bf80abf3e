/* Who this process is in its job. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "job.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "launcher.h"
#include "log.h"

struct tri_job tri_job = {.size = 1, .local_count = 1, .cores = 1, .cpus = 1, .universe = 1};

/* Launchers that start several processes but do not speak PMIx to them: without a word the program would become
 * that many worlds of one. The variable holds the number of processes; it is set for started processes only. */
static const struct {
    const char *variable, *what;
} foreign[] = {
    {"PMI_SIZE", "a PMI-1 launcher (such as MPICH's mpiexec)"},
    {"SLURM_STEP_NUM_TASKS", "srun without PMIx or PMI-2"},
    {"OMPI_COMM_WORLD_SIZE", "Open MPI's mpirun without PMIx"},
};

static int check_foreign(void)
{
    for (size_t i = 0; i < TRI_COUNT_OF(foreign); i++) {
        const char *value = getenv(foreign[i].variable);
        if (value && strcmp(value, "1")) {
            tri_log_error("started by %s (%s=%s), which Trireme can not speak to: start the program with mprun, or "
                          "with srun --mpi=pmix or --mpi=pmi2",
                          foreign[i].what, foreign[i].variable, value);
            return -1;
        }
    }
    return 0;
}

const struct tri_launcher *tri_launcher;

/* mprun may run within a step of srun: the nearest launcher is the one that counts. */
static const struct tri_launcher *find_launcher(void)
{
    static const struct tri_launcher *const known[] = {&tri_launcher_pmix, &tri_launcher_pmi2};
    for (size_t i = 0; i < TRI_COUNT_OF(known); i++) {
        if (known[i]->present()) {
            return known[i];
        }
    }
    return NULL;
}

/* What mprun says, or 0. */
static int number_given(const char *name)
{
    const char *given = getenv(name);
    return given ? TRI_MAX(atoi(given), 0) : 0;
}

static void count_cores(void)
{
    /* Bound to single cores by another launcher: all online ones are the better guess for what the node shares. */
    int online = TRI_MAX((int)sysconf(_SC_NPROCESSORS_ONLN), 1);
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && tri_job.local_count == 1) {
        online = CPU_COUNT(&set);
    }
    int cores = number_given("TRIREME_JOB_CORES"), cpus = number_given("TRIREME_JOB_CPUS");
    tri_job.cores = cores ? cores : online;
    tri_job.cpus = cpus ? cpus : online;
}

int tri_job_start(void)
{
    if (gethostname(tri_job.host, sizeof tri_job.host - 1)) {
        strcpy(tri_job.host, "localhost");
    }
    tri_launcher = find_launcher();
    if (tri_launcher) {
        char message[512];
        if (tri_launcher->connect(&tri_job, message, sizeof message)) {
            tri_log_error("%s", message);
            return -1;
        }
        tri_job.launched = true;
    } else {
        if (check_foreign()) {
            return -1;
        }
        tri_job.local = calloc(1, sizeof *tri_job.local);
        tri_job.appnum = -1;
        snprintf(tri_job.name, sizeof tri_job.name, "alone-%ld", (long)getpid());
    }
    count_cores();
    tri_job.oversubscribed = tri_job.local_count > tri_job.cores;
    return tri_job.local ? 0 : -1;
}

void tri_job_end(void)
{
    if (tri_job.launched) {
        tri_launcher->disconnect();
    }
    free(tri_job.local);
    tri_job.local = NULL;
}

bool tri_job_is_local(int rank)
{
    int low = 0, high = tri_job.local_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (tri_job.local[middle] < rank) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < tri_job.local_count && tri_job.local[low] == rank;
}

int tri_job_node_of(int rank)
{
    return tri_job.launched ? tri_launcher->node_of(rank) : 0;
}
