/* The node's shared segment: what is asked to lie near a process is what that process reads. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "../../transports/shm/numa.h"
#include "../../transports/shm/shm.h"
#include "unit.h"

enum { RANKS = 3, ME = 1, NODE = 5 };

struct shm_state tri_shm;
static struct {
    off_t start;
    size_t len;
    int node, count;
} asked;

/* In place of numa.c: there is a node, and the wish is kept. */
int tri_shm_numa_node(const char *system)
{
    assert_string_equal(system, "/sys/devices/system");
    return NODE;
}

void tri_shm_numa_prefer(int fd, off_t start, size_t len, int node)
{
    assert_int_equal(fd, tri_shm.fd);
    asked.start = start;
    asked.len = len;
    asked.node = node;
    asked.count++;
}

int tri_shm_local_index(int peer)
{
    return peer;
}

void tri_shm_doorbell_open(struct shm_area *own)
{
    (void)own;
}

static unsigned char published[64];

static int publish(const char *key, const void *value, size_t len)
{
    (void)key;
    assert_in_range(len, 1, sizeof published);
    memcpy(published, value, len);
    return 0;
}

static int lookup(int peer, const char *key, void *value, size_t capacity)
{
    (void)key;
    assert_int_equal(peer, 0);
    memcpy(value, published, TRI_MIN(capacity, sizeof published));
    return (int)capacity;
}

static int64_t number(const char *name)
{
    return strcmp(name, "SHM_CELLS") ? 65536 : 16;
}

static void fail_test(int peer, const char *format, ...)
{
    (void)peer;
    fail_msg("%s", format);
}

static void note(const char *format, ...)
{
    (void)format;
}

static const int local[] = {0, 1, 2};
static const struct tri_host maker = {.rank = 0,
                                      .size = RANKS,
                                      .lanes = 1,
                                      .local = local,
                                      .local_count = RANKS,
                                      .publish = publish,
                                      .lookup = lookup,
                                      .number = number,
                                      .fail = fail_test,
                                      .note = note};
static struct tri_host other;
static struct shm_state made;

/* Rank 0's segment, which rank ME opens: one process is both. */
static int open_both(void **state)
{
    (void)state;
    assert_int_equal(tri_shm_segment_open(&maker), TRI_OK);
    made = tri_shm;
    other = maker;
    other.rank = ME;
    asked.count = 0;
    return tri_shm_segment_open(&other);
}

static int close_both(void **state)
{
    (void)state;
    struct shm_state *const states[] = {&tri_shm, &made};
    for (int i = 0; i < 2; i++) {
        tri_shm = *states[i];
        free(tri_shm.lanes[0].endpoints);
        free(tri_shm.lanes[0].sources);
        tri_shm_segment_close();
    }
    return 0;
}

/* Where in the file a mapping begins, as the kernel says it. */
static off_t offset_of(const void *memory)
{
    uintmax_t begin, end, offset, found = UINTMAX_MAX;
    char line[500];
    FILE *maps = fopen("/proc/self/maps", "re");
    assert_non_null(maps);
    while (fgets(line, sizeof line, maps)) {
        if (sscanf(line, "%jx-%jx %*s %jx", &begin, &end, &offset) == 3 && (uintptr_t)memory >= begin &&
            (uintptr_t)memory < end) {
            found = offset + ((uintptr_t)memory - begin);
        }
    }
    fclose(maps);
    assert_true(found != UINTMAX_MAX);
    return (off_t)found;
}

static bool is_asked(const void *memory, size_t len)
{
    off_t start = offset_of(memory);
    return start >= asked.start && start + (off_t)len <= asked.start + (off_t)asked.len;
}

static void test_rings(void **state)
{
    (void)state;
    assert_int_equal(asked.count, 1);
    assert_int_equal(asked.node, NODE);
    for (int from = 0; from < RANKS; from++) {
        for (int to = 0; to < RANKS; to++) {
            struct shm_ring *ring = tri_shm_segment_ring(0, from, to, true);
            assert_non_null(ring);
            assert_int_equal(is_asked(ring, tri_shm.ring_size), to == ME);
            tri_shm_unshare(ring, tri_shm.ring_size);
        }
    }
    assert_int_equal(asked.len, RANKS * tri_shm.ring_size);
}

/* Each lane has rings of its own, the last ones before what the ranks share. */
static void test_rings_of_lanes(void **state)
{
    (void)state;
    off_t end = (off_t)tri_shm.rings;
    for (unsigned lane = 0; lane < SHM_LANES; lane++) {
        struct shm_ring *first = tri_shm_segment_ring(lane, 0, 0, true);
        struct shm_ring *last = tri_shm_segment_ring(lane, RANKS - 1, RANKS - 1, true);
        assert_true(offset_of(first) >= end);
        end = offset_of(last) + (off_t)tri_shm.ring_size;
        tri_shm_unshare(first, tri_shm.ring_size);
        tri_shm_unshare(last, tri_shm.ring_size);
    }
    void *shared = tri_shm_share(0, 0, 4096);
    assert_true(offset_of(shared) >= end);
    tri_shm_unshare(shared, 4096);
}

static void test_shared_memory(void **state)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    (void)state;
    for (int peer = 0; peer < RANKS; peer++) {
        asked.count = 0;
        void *memory = tri_shm_share(peer, 3 * page, 2 * page);
        assert_non_null(memory);
        assert_int_equal(asked.count, peer == ME);
        if (peer == ME) {
            assert_true(is_asked(memory, 2 * page));
            assert_int_equal(asked.len, 2 * page);
            assert_int_equal(asked.node, NODE);
        }
        tri_shm_unshare(memory, 2 * page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rings, open_both, close_both),
        cmocka_unit_test_setup_teardown(test_rings_of_lanes, open_both, close_both),
        cmocka_unit_test_setup_teardown(test_shared_memory, open_both, close_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
