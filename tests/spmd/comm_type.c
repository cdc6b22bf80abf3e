/* comm_type - splitting by node, by kind of hardware, by process set. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"

#include <sched.h>

static int size_of(MPI_Comm *comm)
{
    int size = 0;

    if (*comm != MPI_COMM_NULL) {
        MPI_Comm_size(*comm, &size);
        MPI_Comm_free(comm);
    }
    return size;
}

static int split_size(int type, const char *key, const char *value)
{
    MPI_Info info = MPI_INFO_NULL;
    MPI_Comm made;

    if (key) {
        MPI_Info_create(&info);
        MPI_Info_set(info, key, value);
    }
    CHECK_OK(MPI_Comm_split_type(MPI_COMM_WORLD, type, t_rank, info, &made));
    if (key)
        MPI_Info_free(&info);
    return size_of(&made);
}

/* The ranks take turns on the hardware threads that they may use; each is bound to one, before MPI
 * has threads of its own. Returns how many there are. */
static int bind(int *own)
{
    cpu_set_t all, one;
    const char *rank = getenv("PMIX_RANK");
    int count, seen = 0;

    /* mprun may have bound us to one each already. */
    memset(&all, 0xff, sizeof all);
    sched_setaffinity(0, sizeof all, &all);
    sched_getaffinity(0, sizeof all, &all);
    count = CPU_COUNT(&all);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &all) && seen++ == (rank ? atoi(rank) : 0) % count) {
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            sched_setaffinity(0, sizeof one, &one);
            *own = cpu;
        }
    return count;
}

static void hardware(int node, int own, int count)
{
    int alike = 0, min, max, all[64];
    MPI_Comm made;

    MPI_Allgather(&own, 1, MPI_INT, all, 1, MPI_INT, MPI_COMM_WORLD);
    MPI_Allreduce(&count, &min, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    MPI_Allreduce(&count, &max, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    if (node != t_size || min != max)
        return; /* several nodes: the model below is for one */
    for (int r = 0; r < t_size; r++)
        alike += all[r] == own;
    int found = split_size(MPI_COMM_TYPE_HW_GUIDED, "mpi_hw_resource_type", "hwloc://PU");
    CHECK(found == alike, "%d ranks on thread %d, not %d", found, own, alike);
    CHECK_OK(
        MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_HW_UNGUIDED, 0, MPI_INFO_NULL, &made));
    CHECK((made != MPI_COMM_NULL) == (alike < t_size), "alike %d", alike);
    if (made != MPI_COMM_NULL) {
        MPI_Info info;
        char value[64] = "";
        int flag = 0, room = sizeof value;
        CHECK_OK(MPI_Comm_get_info(made, &info));
        CHECK_OK(MPI_Info_get_string(info, "mpi_hw_resource_type", &room, value, &flag));
        CHECK(flag && !strncmp(value, "hwloc://", 8), "resource \"%s\"", value);
        CHECK_OK(MPI_Info_free(&info));
        found = size_of(&made);
        CHECK(found >= alike && found < t_size, "%d of %d ranks", found, t_size);
    }
    /* Rank 0 takes part in what the others do, whatever that is. */
    CHECK_OK(MPI_Comm_split_type(MPI_COMM_WORLD, t_rank ? MPI_COMM_TYPE_HW_UNGUIDED : MPI_UNDEFINED,
                                 0, MPI_INFO_NULL, &made));
    CHECK(t_rank > 0 || made == MPI_COMM_NULL, "rank 0 is in one");
    size_of(&made);
}

int main(int argc, char **argv)
{
    MPI_Comm made;
    int own = -1, threads = bind(&own);

    t_init(&argc, &argv);
    int node = split_size(MPI_COMM_TYPE_SHARED, NULL, NULL);
    CHECK(node >= 1 && node <= t_size, "%d ranks on this node", node);
    CHECK(split_size(MPI_UNDEFINED, NULL, NULL) == 0, "undefined");
    CHECK(split_size(MPI_COMM_TYPE_HW_GUIDED, NULL, NULL) == 0, "guided by nothing");
    CHECK(split_size(MPI_COMM_TYPE_HW_GUIDED, "mpi_hw_resource_type", "hwloc://Moon") == 0,
          "no such thing");
    CHECK(split_size(MPI_COMM_TYPE_HW_GUIDED, "mpi_hw_resource_type", "mpi_shared_memory") == node,
          "memory");
    CHECK(split_size(MPI_COMM_TYPE_HW_GUIDED, "mpi_hw_resource_type", "hwloc://Machine") == node,
          "machine");
    CHECK(split_size(MPI_COMM_TYPE_RESOURCE_GUIDED, "mpi_pset_name", "mpi://WORLD") == t_size,
          "world");
    CHECK(split_size(MPI_COMM_TYPE_RESOURCE_GUIDED, "mpi_pset_name", "mpi://SELF") == 1, "self");
    hardware(node, own, threads);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    int error = MPI_Comm_split_type(MPI_COMM_WORLD, 1, 0, MPI_INFO_NULL, &made);
    CHECK(t_class(error) == MPI_ERR_ARG, "a type that is none gave %d", error);
    return t_finish();
}
