/* The launcher as the library sees it: how a process learns who it is in its job, and what it exchanges with the others
 * before they can send messages. One table for each protocol; its file is the only one that knows it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_LAUNCHER_H
#define TRI_LAUNCHER_H

#include "job.h"
#include "locality.h"

struct tri_launcher {
    /* Whether the environment says that a launcher of this kind started this process. */
    bool (*present)(void);

    /* Connects and fills rank, size, local, appnum, universe, name. Returns 0, or -1 with one line in message. */
    int (*connect)(struct tri_job *job, char *message, size_t len);
    void (*disconnect)(void);

    /* Puts a value for the other processes in; they see it from the commit on. Returns 0 or -1 (reported). */
    int (*publish)(const char *key, const void *value, size_t len);

    /* Shows all values to the others. Once, when all are in: a process that asks gets what there is after the first
     * commit and would not hear of a second one. May wait for the others to commit. Returns 0 or -1 (reported). */
    int (*commit)(void);

    /* The value that a process published, waiting until that one has committed. Returns its length, or -1 (reported).
     */
    int (*lookup)(int rank, const char *key, void *value, size_t capacity);

    /* The node of a process of the job: a number that is this process's own; -1: it does not tell. Does not wait. */
    int (*node_of)(int rank);

    /* Where a process of this node is bound, as tri_locality_of tells it. Does not wait. NULL: it never tells. */
    void (*locality)(int rank, int numbers[TRI_LOCALITY_LEVELS]);

    /* A fence of all processes of the job, without waiting: 0 or -1; and whether all have come. */
    int (*fence_start)(void);
    bool (*fence_ended)(void);

    /* The launcher's process sets: their number, and their names (an array and strings to be freed). */
    int (*psets)(char ***names);
    /* Ranks of a set, ascending; an array to be freed. -1: there is no such set. */
    int (*pset_members)(const char *name, int **ranks);

    /* Asks the launcher to end the whole job with this code; message is what it shows. Does not wait for the end. */
    void (*abort)(int code, const char *message);
};

/* PMIx: mprun, srun --mpi=pmix, Open MPI's mpirun. */
extern const struct tri_launcher tri_launcher_pmix;

/* PMI-2 through Slurm's libpmi2, which is looked for only when srun --mpi=pmi2 started the process. */
extern const struct tri_launcher tri_launcher_pmi2;
#define TRI_PMI2_LIBRARY "libpmi2.so.0"

/* The one that started this process; NULL: it was started alone. Set by tri_job_start. */
extern const struct tri_launcher *tri_launcher;

#endif
