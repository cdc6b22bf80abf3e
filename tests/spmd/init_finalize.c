/* init_finalize.c - messages sent just before MPI_Finalize arrive. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <time.h>

enum { MESSAGES = 50 };

/* The last messages are buffered ones: the sender goes straight into MPI_Finalize with them
 * unsent. */
static void leave_early(void)
{
    unsigned char data[256];
    static char space[MESSAGES * 512 + MESSAGES * MPI_BSEND_OVERHEAD];

    MPI_Buffer_attach(space, (int)sizeof space);
    for (int i = 0; i < MESSAGES; i++) {
        t_fill(data, sizeof data, (uint64_t)(t_rank * 1000 + i));
        if (i < 10)
            MPI_Send(data, 1 + i, MPI_BYTE, 0, i, MPI_COMM_WORLD);
        else
            MPI_Bsend(data, 1 + i, MPI_BYTE, 0, i, MPI_COMM_WORLD);
    }
}

static void receive_late(void)
{
    struct timespec pause = {0, 200000000};
    unsigned char data[256];
    MPI_Status status;

    nanosleep(&pause, NULL);
    for (int i = 0; i < MESSAGES; i++) {
        for (int r = t_size - 1; r > 0; r--) {
            MPI_Recv(data, sizeof data, MPI_BYTE, r, i, MPI_COMM_WORLD, &status);
            t_check_status(&status, r, i, 1 + i, "late");
            CHECK(t_differs(data, (size_t)(1 + i), (uint64_t)(r * 1000 + i)) < 0, "from %d tag %d",
                  r, i);
        }
    }
}

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    if (t_rank == 0)
        receive_late();
    else
        leave_early();
    MPI_Finalize();
    return t_failures != 0;
}
