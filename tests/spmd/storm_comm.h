/* storm_comm.h - communicators of all kinds, made and freed by many threads at once. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_STORM_COMM_H
#define SPMD_STORM_COMM_H

#include "test.h"

enum { STORM_COMM_KINDS = 6 };

/* A thread's own communicators: nobody else calls on them. */
struct storm_maker {
    int thread, turn;
    MPI_Comm own; /* a copy of the world */
};

/* The members of comm are who they should be, and what they send on it stays on it: a message of
 * another communicator would be taken by the wildcards. `first` and `step` give the world's rank of
 * each member. */
static inline void storm_check(const struct storm_maker *m, MPI_Comm comm, int size, int first,
                               int step, const char *what)
{
    int rank = -1, members = -1, sum = -1;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &members);
    CHECK(members == size && first + rank * step == t_rank, "%s: rank %d of %d in thread %d", what,
          rank, members, m->thread);
    if (members != size)
        return;
    int next = (rank + 1) % size, previous = (rank + size - 1) % size;
    int out[3] = {m->thread, m->turn, t_rank}, in[3] = {-1, -1, -1};
    MPI_Status status;
    MPI_Sendrecv(out, 3, MPI_INT, next, m->turn, in, 3, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, comm,
                 &status);
    t_check_status(&status, previous, m->turn, 12, what);
    CHECK(in[0] == m->thread && in[1] == m->turn && in[2] == first + previous * step,
          "%s: thread %d turn %d got a message of thread %d turn %d rank %d", what, m->thread,
          m->turn, in[0], in[1], in[2]);
    MPI_Allreduce(&t_rank, &sum, 1, MPI_INT, MPI_SUM, comm);
    CHECK(sum == size * first + step * size * (size - 1) / 2, "%s: sum %d in thread %d", what, sum,
          m->thread);
}

static inline void storm_dup(const struct storm_maker *m)
{
    MPI_Comm copies[2];

    CHECK_OK(MPI_Comm_dup(m->own, &copies[0]));
    CHECK_OK(MPI_Comm_dup(copies[0], &copies[1]));
    storm_check(m, copies[1], t_size, 0, 1, "dup of a dup");
    storm_check(m, copies[0], t_size, 0, 1, "dup");
    MPI_Comm_free(&copies[0]);
    MPI_Comm_free(&copies[1]);
}

/* Two on their way at once, completed in the other order. */
static inline void storm_idup(const struct storm_maker *m)
{
    MPI_Comm copies[2];
    MPI_Request requests[2];

    CHECK_OK(MPI_Comm_idup(m->own, &copies[0], &requests[0]));
    CHECK_OK(MPI_Comm_idup(m->own, &copies[1], &requests[1]));
    for (int i = 1; i >= 0; i--) {
        MPI_Wait(&requests[i], MPI_STATUS_IGNORE);
        storm_check(m, copies[i], t_size, 0, 1, "idup");
        MPI_Comm_free(&copies[i]);
    }
}

/* Even and odd ranks apart, in reversed order. */
static inline void storm_split(const struct storm_maker *m)
{
    MPI_Comm part;
    int odd = t_rank % 2, size = (t_size + 1 - odd) / 2;

    CHECK_OK(MPI_Comm_split(m->own, odd, -t_rank, &part));
    storm_check(m, part, size, odd + 2 * (size - 1), -2, "split");
    MPI_Comm_free(&part);
}

/* All ranks but the last, without the last, on the world that all threads share: only the tag tells
 * their calls apart. */
static inline void storm_group(const struct storm_maker *m)
{
    int last = t_size - 1, members = t_size > 1 ? t_size - 1 : 1;
    MPI_Group all, some;
    MPI_Comm comm;

    if (t_size > 1 && t_rank == last)
        return;
    MPI_Comm_group(MPI_COMM_WORLD, &all);
    if (t_size > 1)
        MPI_Group_excl(all, 1, &last, &some);
    else
        MPI_Group_incl(all, 1, &last, &some);
    CHECK_OK(MPI_Comm_create_group(MPI_COMM_WORLD, some, m->thread, &comm));
    storm_check(m, comm, members, 0, 1, "create_group");
    MPI_Group_free(&all);
    MPI_Group_free(&some);
    MPI_Comm_free(&comm);
}

/* Two halves meet over the world, again told apart by the tag; the upper one comes first or last. */
static inline void storm_intercomm(const struct storm_maker *m)
{
    int half = t_size / 2, upper = t_rank >= half, upper_first = m->turn % 2;
    int local_size = upper ? t_size - half : half, size = -1;
    MPI_Comm local, inter, merged;

    if (t_size < 2)
        return;
    CHECK_OK(MPI_Comm_split(m->own, upper, t_rank, &local));
    CHECK_OK(MPI_Intercomm_create(local, 0, MPI_COMM_WORLD, upper ? 0 : half, 100 + m->thread,
                                  &inter));
    MPI_Comm_remote_size(inter, &size);
    CHECK(size == t_size - local_size, "%d ranks on the other side, thread %d", size, m->thread);
    CHECK_OK(MPI_Intercomm_merge(inter, upper != upper_first, &merged));
    MPI_Comm_free(&inter);
    if (!upper_first)
        storm_check(m, merged, t_size, 0, 1, "merge");
    else if (t_size % 2 == 0) {
        int rank = -1;
        MPI_Comm_rank(merged, &rank);
        CHECK(rank == (t_rank + half) % t_size, "merge, upper first: rank %d", rank);
    }
    MPI_Comm_free(&merged);
    MPI_Comm_free(&local);
}

/* Made by one call and freed with a message still under way. */
static inline void storm_free_early(const struct storm_maker *m)
{
    int out[2] = {m->thread, m->turn}, in[2] = {-1, -1};
    MPI_Request requests[2];
    MPI_Comm copy;

    CHECK_OK(MPI_Comm_dup(m->own, &copy));
    MPI_Irecv(in, 2, MPI_INT, (t_rank + t_size - 1) % t_size, 7, copy, &requests[0]);
    MPI_Isend(out, 2, MPI_INT, (t_rank + 1) % t_size, 7, copy, &requests[1]);
    MPI_Comm_free(&copy);
    MPI_Waitall(2, requests, MPI_STATUSES_IGNORE);
    CHECK(in[0] == m->thread && in[1] == m->turn, "freed early: thread %d turn %d got %d, %d",
          m->thread, m->turn, in[0], in[1]);
}

static inline void storm_comm(const struct storm_maker *m)
{
    static void (*const kinds[STORM_COMM_KINDS])(const struct storm_maker *) = {
        storm_dup, storm_idup, storm_split, storm_group, storm_intercomm, storm_free_early};

    kinds[(m->thread + m->turn) % STORM_COMM_KINDS](m);
}

#endif
