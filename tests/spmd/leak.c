/* leak.c - objects and messages by the hundred thousand: the resident memory must not follow. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test.h"
#include <unistd.h>

enum { TAG = 271, ALLOWED_KB = 6000 };

static int peer;

static long resident_kb(void)
{
    long pages = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (f == NULL || fscanf(f, "%ld %ld", &pages, &resident) != 2)
        abort();
    fclose(f);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void messages(void)
{
    static unsigned char out[300000], in[300000];
    static const int sizes[] = {0, 8, 100, 5000, 20000, 300000};
    MPI_Request requests[4];
    MPI_Message message;

    for (int i = 0; i < T_COUNT(sizes); i++) {
        MPI_Irecv(in, sizes[i], MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &requests[0]);
        MPI_Isend(out, sizes[i], MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &requests[1]);
        MPI_Issend(out, sizes[i], MPI_BYTE, peer, TAG + 1, MPI_COMM_WORLD, &requests[2]);
        MPI_Mprobe(peer, TAG + 1, MPI_COMM_WORLD, &message, MPI_STATUS_IGNORE);
        MPI_Imrecv(in, sizes[i], MPI_BYTE, &message, &requests[3]);
        MPI_Waitall(4, requests, MPI_STATUSES_IGNORE);
        MPI_Isend(out, sizes[i], MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &requests[0]);
        MPI_Request_free(&requests[0]);
        MPI_Recv(in, sizes[i], MPI_BYTE, peer, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        MPI_Irecv(in, 8, MPI_BYTE, peer, TAG + 2, MPI_COMM_WORLD, &requests[0]);
        MPI_Cancel(&requests[0]);
        MPI_Wait(&requests[0], MPI_STATUS_IGNORE);
        MPI_Recv_init(in, 8, MPI_BYTE, peer, TAG, MPI_COMM_WORLD, &requests[0]);
        MPI_Request_free(&requests[0]);
    }
}

static void add(void *from, void *to, int *n, MPI_Datatype *type)
{
    (void)type;
    for (int i = 0; i < *n; i++)
        ((int *)to)[i] += ((int *)from)[i];
}

static void note(MPI_Comm *comm, int *code, ...)
{
    (void)comm;
    (void)code;
}

static void objects(void)
{
    MPI_Datatype inner, outer;
    MPI_Comm dup, split;
    MPI_Group group, other;
    MPI_Op op;
    MPI_Errhandler handler;
    int zero = 0, mine = 1, sum;
    void *memory;

    for (int i = 0; i < 10; i++) {
        MPI_Type_vector(100, 1, 3, MPI_INT, &inner);
        MPI_Type_create_hindexed(1, &mine, &(MPI_Aint){64}, inner, &outer);
        MPI_Type_commit(&outer);
        MPI_Type_free(&inner);
        MPI_Type_free(&outer);
        MPI_Comm_group(MPI_COMM_WORLD, &group);
        MPI_Group_incl(group, 1, &zero, &other);
        MPI_Group_free(&group);
        MPI_Group_free(&other);
        MPI_Alloc_mem(100000, MPI_INFO_NULL, &memory);
        MPI_Free_mem(memory);
    }
    MPI_Comm_dup(MPI_COMM_WORLD, &dup);
    MPI_Comm_split(dup, t_rank % 2, 0, &split);
    MPI_Comm_create_errhandler(note, &handler);
    MPI_Comm_set_errhandler(dup, handler);
    MPI_Errhandler_free(&handler);
    MPI_Op_create(add, 1, &op);
    MPI_Allreduce(&mine, &sum, 1, MPI_INT, op, dup);
    MPI_Op_free(&op);
    MPI_Comm_free(&split);
    MPI_Comm_free(&dup);
}

static void collectives(void)
{
    static int block[20000], all[8 * 20000];

    MPI_Bcast(block, 20000, MPI_INT, 0, MPI_COMM_WORLD);
    MPI_Allreduce(block, all, 20000, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    MPI_Allgather(block, 20000, MPI_INT, all, 20000, MPI_INT, MPI_COMM_WORLD);
    MPI_Alltoall(all, 1000, MPI_INT, block, 1000, MPI_INT, MPI_COMM_WORLD);
    MPI_Scan(block, all, 1000, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    MPI_Barrier(MPI_COMM_WORLD);
}

static void watch(const char *name, void (*step)(void), int turns)
{
    long before, after;

    for (int i = 0; i < turns; i++)
        step();
    before = resident_kb();
    for (int i = 0; i < 4 * turns; i++)
        step();
    after = resident_kb();
    CHECK(after - before < ALLOWED_KB, "%s: %d more turns took %ld kB more", name, 4 * turns,
          after - before);
}

int main(int argc, char **argv)
{
    int turns = argc > 1 ? atoi(argv[1]) : 1000;

    t_init(&argc, &argv);
    peer = t_partner();
    watch("messages", messages, turns);
    watch("objects", objects, turns / 2);
    watch("collectives", collectives, turns / 10);
    return t_finish();
}
