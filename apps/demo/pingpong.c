/* Ping-pong: latency and bandwidth between the first rank and the last; each size is verified. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "demo.h"

enum { TAG_PLAN = 1, TAG_BALL = 2, WARM_UP = 4 };

struct game {
    int rank, peer;
    unsigned char *out, *in;
};

/* Differs from byte to byte, from size to size, between the two directions and the two checks. */
static unsigned char pattern(int from, long size, int salt, long i)
{
    return (unsigned char)(from * 101 + size * 7 + salt * 57 + i * 13 + i / 251);
}

/* One round trip; a world of one plays against itself, so its send must not block. */
static void play(const struct game *game, long size)
{
    if (game->rank == game->peer) {
        MPI_Request request;
        MPI_Isend(game->out, (int)size, MPI_BYTE, 0, TAG_BALL, MPI_COMM_WORLD, &request);
        MPI_Recv(game->in, (int)size, MPI_BYTE, 0, TAG_BALL, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        MPI_Wait(&request, MPI_STATUS_IGNORE);
    } else if (game->rank == 0) {
        MPI_Send(game->out, (int)size, MPI_BYTE, game->peer, TAG_BALL, MPI_COMM_WORLD);
        MPI_Recv(game->in, (int)size, MPI_BYTE, game->peer, TAG_BALL, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
    } else {
        MPI_Recv(game->in, (int)size, MPI_BYTE, game->peer, TAG_BALL, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
        MPI_Send(game->out, (int)size, MPI_BYTE, game->peer, TAG_BALL, MPI_COMM_WORLD);
    }
}

/* Fills the ball, and the place for the other's ball with what is wrong at every byte. */
static void prepare(const struct game *game, long size, int salt)
{
    for (long i = 0; i < size; i++) {
        game->out[i] = pattern(game->rank, size, salt, i);
        game->in[i] = (unsigned char)~pattern(game->peer, size, salt, i);
    }
}

static long verify(const struct game *game, long size, int salt)
{
    long wrong = 0;

    for (long i = 0; i < size; i++)
        wrong += game->in[i] != pattern(game->peer, size, salt, i);
    return wrong;
}

/* As many round trips as fill the time given; rank 0 measures a few and tells its peer. */
static long plan(const struct game *game, long size, double budget)
{
    long trips = 1;
    double start = MPI_Wtime();

    for (int i = 0; i < WARM_UP; i++)
        play(game, size);
    double each = (MPI_Wtime() - start) / WARM_UP;
    if (each * 1e6 < budget)
        trips = 1000000;
    else if (each < budget)
        trips = (long)(budget / each);
    if (game->rank == game->peer)
        return trips;
    if (game->rank == 0)
        MPI_Send(&trips, 1, MPI_LONG, game->peer, TAG_PLAN, MPI_COMM_WORLD);
    else
        MPI_Recv(&trips, 1, MPI_LONG, game->peer, TAG_PLAN, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    return trips;
}

static long measure(const struct game *game, long size, double budget)
{
    prepare(game, size, 1);
    play(game, size);
    long wrong = verify(game, size, 1), trips = plan(game, size, budget);
    prepare(game, size, 2);
    double start = MPI_Wtime();
    for (long i = 0; i < trips; i++)
        play(game, size);
    double half_trip = (MPI_Wtime() - start) / (double)trips / 2;
    wrong += verify(game, size, 2);
    if (game->rank == 0)
        printf("%10ld %14.2f %14.1f\n", size, half_trip * 1e6, (double)size / half_trip / 1e6);
    return wrong;
}

static long play_all(long largest, double budget)
{
    struct game game;
    long wrong = 0;
    int size;

    MPI_Comm_rank(MPI_COMM_WORLD, &game.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    game.peer = game.rank == 0 ? size - 1 : 0;
    if (game.rank == 0 || game.rank == size - 1) {
        game.out = demo_alloc((size_t)largest);
        game.in = demo_alloc((size_t)largest);
        if (game.rank == 0)
            printf("%10s %14s %14s\n", "bytes", "latency us", "MB/s");
        for (long bytes = 1; bytes <= largest; bytes *= bytes < 4096 ? 8 : 4)
            wrong += measure(&game, bytes, budget);
        free(game.in);
        free(game.out);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    return wrong;
}

int main(int argc, char **argv)
{
    long largest = 1 << 20, milliseconds = 20;
    const struct demo_option options[] = {
        {'m', "largest message in bytes", &largest, 1, 1 << 30},
        {'t', "milliseconds for each size", &milliseconds, 1, 100000},
        {0},
    };

    MPI_Init(&argc, &argv);
    int answer = demo_parse(argc, argv, "pingpong", options);
    if (answer) {
        MPI_Finalize();
        return answer == 1 ? 0 : answer;
    }
    long wrong = play_all(largest, (double)milliseconds / 1000);
    return demo_finish("pingpong", wrong, "up to %ld bytes", largest);
}
