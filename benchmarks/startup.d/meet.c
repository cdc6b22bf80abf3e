/* meet.c: a job that meets in a barrier and, when asked, tells what memory it and its launcher use. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <mpi.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The value of a field of a process's smaps_rollup in kB, the sum of two if need be; 0: unknown. */
static long memory(int pid, const char *field, const char *second)
{
    char path[64], line[256];
    long sum = 0, kb;

    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
    FILE *file = fopen(path, "r");

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        char *colon = strchr(line, ':');

        if (colon != NULL && sscanf(colon, ": %ld kB", &kb) == 1) {
            *colon = '\0';
            sum += strcmp(line, field) == 0 || strcmp(line, second) == 0 ? kb : 0;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return sum;
}

static void name_of(int pid, char *name, int size)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/comm", pid);
    FILE *file = fopen(path, "r");

    snprintf(name, (size_t)size, "?");
    if (file != NULL) {
        if (fgets(name, size, file) != NULL) {
            name[strcspn(name, "\n")] = '\0';
        }
        fclose(file);
    }
}

int main(int argc, char **argv)
{
    char parent[32];
    int rank;

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Barrier(MPI_COMM_WORLD);
    if (argc > 1) {
        name_of((int)getppid(), parent, sizeof parent);
        printf("%d %ld %ld %s %ld\n", rank, memory((int)getpid(), "Rss", ""),
               memory((int)getpid(), "Pss", ""), parent,
               memory((int)getppid(), "Private_Clean", "Private_Dirty"));
        MPI_Barrier(MPI_COMM_WORLD);
    }
    MPI_Finalize();
    return 0;
}
