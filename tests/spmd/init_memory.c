/* init_memory.c - MPI_Alloc_mem and MPI_Free_mem, and messages in and out of such memory. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { BLOCKS = 64 };

static void exchange(unsigned char *out, unsigned char *in, int n)
{
    int right = (t_rank + 1) % t_size, left = (t_rank + t_size - 1) % t_size;

    t_fill(out, (size_t)n, (uint64_t)t_rank);
    MPI_Sendrecv(out, n, MPI_BYTE, right, 5, in, n, MPI_BYTE, left, 5, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
    CHECK(t_differs(in, (size_t)n, (uint64_t)left) < 0, "%d bytes differ", n);
}

static void one_size(int n)
{
    unsigned char *out = NULL, *in = NULL;

    CHECK_OK(MPI_Alloc_mem(n, MPI_INFO_NULL, &out));
    CHECK_OK(MPI_Alloc_mem(n, MPI_INFO_NULL, &in));
    CHECK(((uintptr_t)out & 7) == 0 && ((uintptr_t)in & 7) == 0, "not aligned: %p %p", (void *)out,
          (void *)in);
    exchange(out, in, n);
    CHECK_OK(MPI_Free_mem(out));
    CHECK_OK(MPI_Free_mem(in));
}

/* Many blocks at once do not overlap, and go in another order than they came. */
static void many_blocks(void)
{
    unsigned char *block[BLOCKS];

    for (int i = 0; i < BLOCKS; i++) {
        MPI_Alloc_mem(1 + i * 37, MPI_INFO_NULL, &block[i]);
        t_fill(block[i], (size_t)(1 + i * 37), (uint64_t)i);
    }
    for (int i = 0; i < BLOCKS; i++)
        CHECK(t_differs(block[i], (size_t)(1 + i * 37), (uint64_t)i) < 0, "block %d was written",
              i);
    for (int i = 0; i < BLOCKS; i += 2)
        MPI_Free_mem(block[i]);
    for (int i = 1; i < BLOCKS; i += 2)
        MPI_Free_mem(block[i]);
}

int main(int argc, char **argv)
{
    static const int sizes[] = {1, 64, 4096, 65536, 1 << 20, 4 << 20};

    t_init(&argc, &argv);
    for (int i = 0; i < T_COUNT(sizes); i++)
        one_size(sizes[i]);
    many_blocks();
    return t_finish();
}
