/* whereami: an MPI program that says where each rank runs, or writes many lines. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 200 };

/* "Cpus_allowed_list:" of this process, as the kernel says it. */
static void read_cpus(char *cpus, size_t len)
{
    static const char key[] = "Cpus_allowed_list:";
    char line[4096];
    FILE *file = fopen("/proc/self/status", "re");

    snprintf(cpus, len, "?");
    while (file && fgets(line, sizeof line, file)) {
        if (!strncmp(line, key, sizeof key - 1)) {
            snprintf(cpus, len, "%s", line + sizeof key - 1 + strspn(line + sizeof key - 1, " \t"));
            cpus[strcspn(cpus, "\n")] = '\0';
        }
    }
    if (file) {
        fclose(file);
    }
}

/* "RANK NUMBER " and letters up to a fixed length, so that a torn line shows. */
static void write_lines(int rank, int count)
{
    char line[LINE + 1];

    for (int i = 0; i < count; i++) {
        int used = snprintf(line, sizeof line, "%d %d ", rank, i);
        memset(line + used, 'a' + rank % 26, (size_t)(LINE - used));
        line[LINE] = '\0';
        puts(line);
    }
}

int main(int argc, char **argv)
{
    int rank, size, sum;
    char host[256], cpus[1024];

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    MPI_Allreduce(&rank, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    if (sum != size * (size - 1) / 2) {
        fprintf(stderr, "rank %d: the sum over %d ranks is %d\n", rank, size, sum);
        MPI_Abort(MPI_COMM_WORLD, 3);
    }
    if (argc > 1) {
        write_lines(rank, atoi(argv[1]));
    } else if (gethostname(host, sizeof host) == 0) {
        read_cpus(cpus, sizeof cpus);
        printf("rank %d of %d on %s cpus %s\n", rank, size, host, cpus);
    }
    return MPI_Finalize();
}
