/* test.h - what all SPMD programs share: checks, agreement at the end, patterns, guards. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_TEST_H
#define SPMD_TEST_H

#include <mpi.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The harness reports this exit code as a skipped test. */
#define T_SKIP 77
#define T_GUARD 64
#define T_GUARD_BYTE 0xA5
#define T_MAX_REPORTS 20
/* Tags of the harness itself, on its own communicator. */
#define T_TAG_TOKEN 32001
#define T_TAG_AGREE 32002

#define T_COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static int t_rank;
static int t_size;
static int t_failures;
/* Tokens and the agreement at the end have a communicator of their own: no wildcard must see
 * them. */
static MPI_Comm t_agree;

/* Reports a failed check on stderr and counts it; the program goes on, t_finish() tells all
 * ranks. */
__attribute__((format(printf, 4, 5))) static inline void
t_fail(const char *file, int line, const char *cond, const char *fmt, ...)
{
    char text[512];
    va_list args;

    if (__atomic_fetch_add(&t_failures, 1, __ATOMIC_RELAXED) >= T_MAX_REPORTS)
        return;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    fprintf(stderr, "rank %d: %s:%d: failed: %s: %s\n", t_rank, file, line, cond, text);
}

#define CHECK(cond, ...) ((cond) ? (void)0 : t_fail(__FILE__, __LINE__, #cond, __VA_ARGS__))
#define CHECK_OK(call) t_check_ok((call), __FILE__, __LINE__, #call)

static inline void t_check_ok(int code, const char *file, int line, const char *call)
{
    if (code != MPI_SUCCESS)
        t_fail(file, line, call, "returned code %d", code);
}

static inline int t_class(int code)
{
    int class = -1;

    MPI_Error_class(code, &class);
    return class;
}

static inline void t_learn_world(void)
{
    MPI_Comm_rank(MPI_COMM_WORLD, &t_rank);
    MPI_Comm_size(MPI_COMM_WORLD, &t_size);
    MPI_Comm_dup(MPI_COMM_WORLD, &t_agree);
}

/* Starts MPI and learns rank and size. */
static inline void t_init(int *argc, char ***argv)
{
    MPI_Init(argc, argv);
    t_learn_world();
}

/* Starts MPI with MPI_THREAD_MULTIPLE, or ends the program as skipped. */
static inline void t_init_threads(int *argc, char ***argv)
{
    int provided = -1;

    MPI_Init_thread(argc, argv, MPI_THREAD_MULTIPLE, &provided);
    t_learn_world();
    if (provided < MPI_THREAD_MULTIPLE) {
        MPI_Finalize();
        exit(T_SKIP);
    }
}

/* Ends MPI; returns the exit code of main: the same verdict on all ranks. Point-to-point only, so
 * that a broken collective fails its own test and no other. */
static inline int t_finish(void)
{
    int total = t_failures, theirs = 0;

    if (t_rank != 0) {
        MPI_Send(&total, 1, MPI_INT, 0, T_TAG_AGREE, t_agree);
        MPI_Recv(&total, 1, MPI_INT, 0, T_TAG_AGREE, t_agree, MPI_STATUS_IGNORE);
    } else {
        for (int r = 1; r < t_size; r++) {
            MPI_Recv(&theirs, 1, MPI_INT, r, T_TAG_AGREE, t_agree, MPI_STATUS_IGNORE);
            total += theirs;
        }
        for (int r = 1; r < t_size; r++)
            MPI_Send(&total, 1, MPI_INT, r, T_TAG_AGREE, t_agree);
        if (total != 0)
            fprintf(stderr, "%d checks failed on %d ranks\n", total, t_size);
    }
    MPI_Comm_free(&t_agree);
    MPI_Finalize();
    return total != 0;
}

/* The seed of this run: SPMD_SEED or a constant; rank 0 prints it so that a failure can be
 * repeated. */
static inline uint64_t t_seed(void)
{
    const char *text = getenv("SPMD_SEED");
    uint64_t seed = text ? strtoull(text, NULL, 0) : 20250605;

    if (t_rank == 0)
        printf("seed %llu\n", (unsigned long long)seed);
    return seed;
}

static inline uint64_t t_mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

/* The next number of a sequence, below `limit`. */
static inline int t_random(uint64_t *state, int limit)
{
    *state = t_mix(*state);
    return (int)((*state >> 16) % (uint64_t)limit);
}

/* Word `i` of the pattern of `key`: neighbours, blocks and keys all differ. */
static inline uint64_t t_word(uint64_t key, size_t i)
{
    uint64_t x = (key + 1) * 0x9E3779B97F4A7C15u + (uint64_t)i * 0xD1342543DE82EF95u;

    return x ^ (x >> 29);
}

/* Fills `n` bytes with the pattern of `key`. */
static inline void t_fill(void *buf, size_t n, uint64_t key)
{
    unsigned char *p = buf;

    for (size_t i = 0; i < n; i += 8) {
        uint64_t w = t_word(key, i);
        memcpy(p + i, &w, n - i < 8 ? n - i : 8);
    }
}

/* The index of the first byte that differs from the pattern of `key`; -1 when all agree. */
static inline long t_differs(const void *buf, size_t n, uint64_t key)
{
    const unsigned char *p = buf;

    for (size_t i = 0; i < n; i += 8) {
        uint64_t w = t_word(key, i);
        size_t part = n - i < 8 ? n - i : 8;
        if (memcmp(p + i, &w, part) != 0)
            return (long)i;
    }
    return -1;
}

/* A buffer of `n` bytes between two guards, all set to the guard byte; end it with t_free(). */
static inline unsigned char *t_alloc(size_t n)
{
    unsigned char *p = malloc(n + 2 * T_GUARD);

    if (p == NULL)
        abort();
    memset(p, T_GUARD_BYTE, n + 2 * T_GUARD);
    return p + T_GUARD;
}

static inline void t_free(void *buf)
{
    free((unsigned char *)buf - T_GUARD);
}

/* Whether `n` bytes at `p` still hold the guard byte. */
static inline int t_untouched(const void *p, size_t n)
{
    const unsigned char *c = p;

    for (size_t i = 0; i < n; i++)
        if (c[i] != T_GUARD_BYTE)
            return 0;
    return 1;
}

/* Whether both guards of a t_alloc() buffer of `n` bytes are whole. */
static inline int t_guards(const void *buf, size_t n)
{
    const unsigned char *p = buf;

    return t_untouched(p - T_GUARD, T_GUARD) && t_untouched(p + n, T_GUARD);
}

/* The rank to talk with in pairs: the neighbour, or oneself when there is none. */
static inline int t_partner(void)
{
    int peer = t_rank ^ 1;

    return peer < t_size ? peer : t_rank;
}

/* Sends a token and waits for one: what `from` sent before its call has been sent when this
 * returns. Tokens travel beside the tested communicators, where no wildcard of the test can take
 * them. */
static inline void t_token(int to, int from)
{
    MPI_Sendrecv(NULL, 0, MPI_BYTE, to, T_TAG_TOKEN, NULL, 0, MPI_BYTE, from, T_TAG_TOKEN, t_agree,
                 MPI_STATUS_IGNORE);
}

/* The standard's empty status (section 3.7.3). */
static inline void t_check_empty(MPI_Status *status, const char *where)
{
    int count = -1;

    CHECK(status->MPI_SOURCE == MPI_ANY_SOURCE, "%s: source %d", where, status->MPI_SOURCE);
    CHECK(status->MPI_TAG == MPI_ANY_TAG, "%s: tag %d", where, status->MPI_TAG);
    MPI_Get_count(status, MPI_BYTE, &count);
    CHECK(count == 0, "%s: count %d", where, count);
}

/* Source, tag and number of bytes of a received message. */
static inline void t_check_status(const MPI_Status *status, int source, int tag, int bytes,
                                  const char *where)
{
    int count = -1;

    MPI_Get_count(status, MPI_BYTE, &count);
    CHECK(status->MPI_SOURCE == source, "%s: source %d, not %d", where, status->MPI_SOURCE, source);
    CHECK(status->MPI_TAG == tag, "%s: tag %d, not %d", where, status->MPI_TAG, tag);
    CHECK(count == bytes, "%s: %d bytes, not %d", where, count, bytes);
}

#endif
