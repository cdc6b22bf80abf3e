/* p2p_huge.c - messages of more than 2 GiB: by large counts and by ints counted in thousand
 * millions; 5 GiB of derived types. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

enum { TAG = 291, NEEDED_GB = 16 };

static const size_t bytes = ((size_t)1 << 31) + 4096 + 20;
static unsigned char *buf;

static long available_gb(void)
{
    char line[128];
    long kb = 0;
    FILE *f = fopen("/proc/meminfo", "r");

    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "MemAvailable: %ld", &kb) == 1)
            break;
    if (f != NULL)
        fclose(f);
    return kb >> 20;
}

static void check(const char *how)
{
    static const size_t step = 1 << 20;

    for (size_t at = 0; at < bytes; at += step) {
        size_t n = bytes - at < 4096 ? bytes - at : 4096;
        CHECK(t_differs(buf + at, n, at) < 0, "%s: differs near %zu", how, at);
    }
    CHECK(t_guards(buf, bytes), "%s: a guard was written", how);
}

static void fill(void)
{
    for (size_t at = 0; at < bytes; at += 1 << 20)
        t_fill(buf + at, bytes - at < 4096 ? bytes - at : 4096, at);
}

static void by_ints(void)
{
    int n = (int)(bytes / sizeof(int)), got = -1;
    MPI_Status status;

    if (t_rank == 0)
        MPI_Send(buf, n, MPI_INT, 1, TAG, MPI_COMM_WORLD);
    if (t_rank != 1)
        return;
    MPI_Recv(buf, n, MPI_INT, 0, TAG, MPI_COMM_WORLD, &status);
    MPI_Get_count(&status, MPI_INT, &got);
    CHECK(got == n, "%d ints, not %d", got, n);
    MPI_Get_count(&status, MPI_BYTE, &got);
    CHECK(got == MPI_UNDEFINED, "%d bytes, where no int can say how many", got);
    check("ints");
    memset(buf, 0, bytes);
}

#if MPI_VERSION >= 4
static void by_count(void)
{
    MPI_Count got = -1;
    MPI_Status status;
    MPI_Request request;

    if (t_rank == 0) {
        MPI_Isend_c(buf, (MPI_Count)bytes, MPI_BYTE, 1, TAG, MPI_COMM_WORLD, &request);
        MPI_Wait(&request, MPI_STATUS_IGNORE);
    }
    if (t_rank != 1)
        return;
    MPI_Recv_c(buf, (MPI_Count)bytes, MPI_BYTE, 0, TAG, MPI_COMM_WORLD, &status);
    MPI_Get_count_c(&status, MPI_BYTE, &got);
    CHECK(got == (MPI_Count)bytes, "%lld bytes", (long long)got);
    check("large count");
}

/* More than 2^32 bytes and as many elements, in rows of ROW bytes. The sender's rows overlap: row i
 * begins 8 i bytes from the start, so that a little memory gives rows that all differ. The
 * receiver's rows have gaps. */
enum { ROW = 2048, GAP = 24, ROWS = 5 << 19 };

static void check_rows(const unsigned char *rows, const unsigned char *source)
{
    long wrong = 0;

    for (long i = 0; i < ROWS; i++) {
        const unsigned char *row = rows + i * (ROW + GAP);
        wrong += memcmp(row, source + 8 * i, ROW) != 0 || !t_untouched(row + ROW, GAP);
    }
    CHECK(wrong == 0, "%ld of %d rows are not as sent", wrong, ROWS);
}

static void by_type(void)
{
    size_t source_bytes = 8 * (size_t)ROWS + ROW;
    MPI_Count got = -1;
    MPI_Datatype type;
    MPI_Status status;
    int few = -1;

    if (t_rank > 1)
        return;
    unsigned char *source = malloc(source_bytes);
    t_fill(source, source_bytes, 5);
    if (t_rank == 0) {
        CHECK_OK(MPI_Type_create_hvector_c(ROWS, ROW, 8, MPI_CHAR, &type));
        MPI_Type_commit(&type);
        CHECK_OK(MPI_Send(source, 1, type, 1, TAG, MPI_COMM_WORLD));
    } else {
        unsigned char *rows = t_alloc((size_t)ROWS * (ROW + GAP));
        CHECK_OK(MPI_Type_create_hvector_c(ROWS, ROW, ROW + GAP, MPI_CHAR, &type));
        MPI_Type_commit(&type);
        CHECK_OK(MPI_Recv(rows, 1, type, 0, TAG, MPI_COMM_WORLD, &status));
        CHECK_OK(MPI_Get_elements_c(&status, type, &got));
        CHECK(got == (MPI_Count)ROWS * ROW, "%lld elements", (long long)got);
        CHECK_OK(MPI_Get_count(&status, type, &few));
        CHECK(few == 1, "a count of %d", few);
        CHECK_OK(MPI_Get_elements(&status, type, &few));
        CHECK(few == MPI_UNDEFINED, "%d elements, where no int can say how many", few);
        check_rows(rows, source);
        CHECK(t_guards(rows, (size_t)ROWS * (ROW + GAP)), "a guard was written");
        t_free(rows);
    }
    MPI_Type_free(&type);
    free(source);
}
#endif

int main(int argc, char **argv)
{
    t_init(&argc, &argv);
    if (t_size < 2 || available_gb() < NEEDED_GB) {
        printf("needs two ranks and %d GB of memory\n", NEEDED_GB);
        MPI_Finalize();
        return T_SKIP;
    }
    if (t_rank < 2)
        buf = t_alloc(bytes);
    if (t_rank == 0)
        fill();
    by_ints();
#if MPI_VERSION >= 4
    by_count();
#endif
    if (t_rank < 2)
        t_free(buf);
#if MPI_VERSION >= 4
    by_type();
#endif
    return t_finish();
}
