/* flow_bounded.c - a flood to a receiver that comes late must not fill its memory. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <time.h>
#include <unistd.h>

/* Data of many times the bound; a window as deep as programs have them, not one request a message.
 */
enum { SIZE = 1024, WINDOW = 1000, TAG = 281, ALLOWED_KB = 32000 };

static long resident_kb(void)
{
    long pages = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (f == NULL || fscanf(f, "%ld %ld", &pages, &resident) != 2)
        abort();
    fclose(f);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void flood(int n)
{
    static unsigned char data[WINDOW][SIZE];
    MPI_Request requests[WINDOW];

    for (int i = 0; i < n; i++) {
        int slot = i % WINDOW;
        if (i >= WINDOW)
            MPI_Wait(&requests[slot], MPI_STATUS_IGNORE);
        memset(data[slot], i & 0xff, SIZE);
        MPI_Isend(data[slot], SIZE, MPI_BYTE, 0, TAG, MPI_COMM_WORLD, &requests[slot]);
    }
    MPI_Waitall(n < WINDOW ? n : WINDOW, requests, MPI_STATUSES_IGNORE);
    MPI_Send(NULL, 0, MPI_BYTE, 0, TAG + 1, MPI_COMM_WORLD);
}

/* Looks for another message for a while, so that the flood has its chance, then drains it. */
static void come_late(int n)
{
    struct timespec pause = {0, 1000000};
    unsigned char data[SIZE];
    long before = resident_kb(), most = before, now;
    int flag;

    for (int i = 0; i < 400; i++) {
        MPI_Iprobe(MPI_ANY_SOURCE, TAG + 1, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE);
        nanosleep(&pause, NULL);
        now = resident_kb();
        most = now > most ? now : most;
    }
    for (int i = 0; i < n; i++) {
        for (int r = 1; r < t_size; r++) {
            MPI_Recv(data, SIZE, MPI_BYTE, r, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            CHECK(data[0] == (i & 0xff) && data[SIZE - 1] == (i & 0xff), "message %d of %d", i, r);
        }
        if (i % 1000 == 0) {
            now = resident_kb();
            most = now > most ? now : most;
        }
    }
    for (int r = 1; r < t_size; r++)
        MPI_Recv(NULL, 0, MPI_BYTE, r, TAG + 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    CHECK(most - before < ALLOWED_KB, "the receiver grew by %ld kB", most - before);
}

int main(int argc, char **argv)
{
    int n;

    t_init(&argc, &argv);
    n = (argc > 1 ? atoi(argv[1]) : 200000) / (t_size > 1 ? t_size - 1 : 1);
    MPI_Barrier(MPI_COMM_WORLD);
    if (t_rank == 0)
        come_late(t_size > 1 ? n : 0);
    else
        flood(n);
    return t_finish();
}
