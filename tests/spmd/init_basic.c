/* init_basic.c - start, end, versions, names and clocks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

static void check_world(void)
{
    int rank = -1, size = -1;

    CHECK(t_size >= 1 && t_rank >= 0 && t_rank < t_size, "rank %d of %d", t_rank, t_size);
    MPI_Comm_rank(MPI_COMM_SELF, &rank);
    MPI_Comm_size(MPI_COMM_SELF, &size);
    CHECK(rank == 0 && size == 1, "MPI_COMM_SELF: rank %d of %d", rank, size);
}

/* The harness says how many ranks it started, so that N worlds of one cannot pass. */
static void check_expected_size(int argc, char **argv)
{
    int expected = argc > 1 ? atoi(argv[1]) : 0;

    if (getenv("SPMD_RANKS") != NULL)
        expected = atoi(getenv("SPMD_RANKS"));
    if (expected > 0)
        CHECK(t_size == expected, "a world of %d, not of %d", t_size, expected);
}

static void check_state(int initialized, int finalized, const char *when)
{
    int flag = -1;

    CHECK_OK(MPI_Initialized(&flag));
    CHECK(!!flag == initialized, "MPI_Initialized says %d %s", flag, when);
    CHECK_OK(MPI_Finalized(&flag));
    CHECK(!!flag == finalized, "MPI_Finalized says %d %s", flag, when);
}

static void check_versions(const char *when)
{
    char text[MPI_MAX_LIBRARY_VERSION_STRING];
    int version = -1, subversion = -1, length = -1;

    CHECK_OK(MPI_Get_version(&version, &subversion));
    CHECK(version == MPI_VERSION && subversion == MPI_SUBVERSION, "version %d.%d %s", version,
          subversion, when);
    memset(text, T_GUARD_BYTE, sizeof text);
    CHECK_OK(MPI_Get_library_version(text, &length));
    CHECK(length > 0 && length < MPI_MAX_LIBRARY_VERSION_STRING, "length %d %s", length, when);
    CHECK(strlen(text) == (size_t)length, "length %d but %zu characters", length, strlen(text));
#if MPI_VERSION >= 5
    CHECK_OK(MPI_Abi_get_version(&version, &subversion));
    CHECK(version == MPI_ABI_VERSION && subversion == MPI_ABI_SUBVERSION, "ABI %d.%d", version,
          subversion);
#endif
}

static void check_name(void)
{
    char name[MPI_MAX_PROCESSOR_NAME];
    int length = -1;

    CHECK_OK(MPI_Get_processor_name(name, &length));
    CHECK(length > 0 && length < MPI_MAX_PROCESSOR_NAME, "length %d", length);
    CHECK(strlen(name) == (size_t)length, "length %d but %zu characters", length, strlen(name));
}

static void check_clock(void)
{
    double last = MPI_Wtime(), now;

    CHECK(MPI_Wtick() > 0 && MPI_Wtick() < 0.1, "tick %g", MPI_Wtick());
    for (int i = 0; i < 10000; i++) {
        now = MPI_Wtime();
        CHECK(now >= last, "the clock went back from %.9f to %.9f", last, now);
        last = now;
    }
}

static void check_threads(void)
{
    int provided = -1, flag = -1;

    CHECK_OK(MPI_Query_thread(&provided));
    CHECK(provided == MPI_THREAD_SINGLE || provided == MPI_THREAD_FUNNELED ||
              provided == MPI_THREAD_SERIALIZED || provided == MPI_THREAD_MULTIPLE,
          "level %d", provided);
    CHECK_OK(MPI_Is_thread_main(&flag));
    CHECK(flag, "the thread that called MPI_Init is not the main one");
}

#if MPI_VERSION >= 5
static void check_abi_info(void)
{
    MPI_Info info = MPI_INFO_NULL;

    CHECK_OK(MPI_Abi_get_info(&info));
    CHECK(info != MPI_INFO_NULL, "MPI_Abi_get_info gave no info");
    MPI_Info_free(&info);
}
#endif

int main(int argc, char **argv)
{
    int verdict;

    check_state(0, 0, "before MPI_Init");
    check_versions("before MPI_Init");
    t_init(&argc, &argv);
    check_state(1, 0, "after MPI_Init");
    check_world();
    check_expected_size(argc, argv);
    check_versions("after MPI_Init");
    check_name();
    check_clock();
    check_threads();
#if MPI_VERSION >= 5
    check_abi_info();
#endif
    verdict = t_finish();
    check_state(1, 1, "after MPI_Finalize");
    check_versions("after MPI_Finalize");
    return verdict || t_failures != 0;
}
