/* The node's shared segment: one nameless file (memfd) that the first local rank makes and the others open. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "numa.h"
#include "shm.h"

/* A memfd has no name and lives as long as a process has it open: whatever way a job ends, nothing is left behind, and
 * the size of /dev/shm (64 MB in many containers) does not matter. The others reach it through /proc/PID/fd, which the
 * kernel permits to processes of the same user; the secret tells that it is the right file. */

/* What the maker publishes. All ranks of the node must come to the same opinion of whether there is a segment: the
 * maker says so when it has none, and one that can not open it ends the job. */
struct invitation {
    int32_t pid, fd; /* fd -1: there is none */
    uint64_t secret[2];
};

static const char invitation_key[] = "tri.shm";

static size_t round_up(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (size + page - 1) / page * page;
}

static size_t areas_offset(void)
{
    return round_up(sizeof(struct shm_header));
}

static void fill_numbers(struct shm_header *header, int ranks, uint32_t cells, uint64_t data)
{
    header->magic = SHM_MAGIC;
    header->ranks = (uint32_t)ranks;
    header->cells = cells;
    header->data = data;
    header->ring_size = round_up(sizeof(struct shm_ring) + cells * sizeof(struct shm_cell) + data);
    header->rings = round_up(areas_offset() + (size_t)ranks * sizeof(struct shm_area));
}

static int map_front(const struct tri_host *host, size_t size)
{
    void *front = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, tri_shm.fd, 0);
    if (front == MAP_FAILED) {
        host->note("shm: mapping %zu bytes of shared memory failed: %s", size, strerror(errno));
        return -1;
    }
    tri_shm.header = front;
    tri_shm.header_size = size;
    tri_shm.areas = (struct shm_area *)(void *)((char *)front + areas_offset());
    return 0;
}

/* Rings get their memory when they are first used; the file is as long as if all were there, but sparse. */
static int make_segment(const struct tri_host *host)
{
    struct shm_header numbers = {0};
    fill_numbers(&numbers, host->local_count, (uint32_t)host->number("SHM_CELLS"), (uint64_t)host->number("SHM_DATA"));
    if (getrandom(numbers.secret, sizeof numbers.secret, 0) != (ssize_t)sizeof numbers.secret) {
        host->note("shm: no random numbers: %s", strerror(errno));
        return -1;
    }
    uint64_t rings = SHM_LANES * (uint64_t)host->local_count * (uint64_t)host->local_count;
    tri_shm.fd = memfd_create("trireme", MFD_CLOEXEC);
    if (tri_shm.fd < 0 ||
        ftruncate(tri_shm.fd,
                  (off_t)(numbers.rings + rings * numbers.ring_size + (uint64_t)host->local_count * SHM_SPACE)) ||
        (errno = posix_fallocate(tri_shm.fd, 0, (off_t)numbers.rings))) {
        host->note("shm: no shared memory: %s", strerror(errno));
        return -1;
    }
    if (map_front(host, numbers.rings)) {
        return -1;
    }
    *tri_shm.header = numbers;
    struct invitation invitation = {.pid = getpid(), .fd = tri_shm.fd};
    memcpy(invitation.secret, numbers.secret, sizeof invitation.secret);
    return host->publish(invitation_key, &invitation, sizeof invitation);
}

static void publish_none(const struct tri_host *host)
{
    const struct invitation invitation = {.fd = -1};
    host->publish(invitation_key, &invitation, sizeof invitation);
}

static int open_segment(const struct tri_host *host)
{
    struct invitation invitation;
    if (host->lookup(host->local[0], invitation_key, &invitation, sizeof invitation) != (int)sizeof invitation) {
        host->fail(host->local[0], "shm: where the node's shared segment is can not be learned");
        return -1;
    }
    if (invitation.fd < 0) {
        host->note("shm: rank %d could not make the node's shared segment", host->local[0]);
        return -1;
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)invitation.pid, (int)invitation.fd);
    tri_shm.fd = open(path, O_RDWR | O_CLOEXEC);
    struct stat status;
    if (tri_shm.fd < 0 || fstat(tri_shm.fd, &status)) {
        host->fail(
            host->local[0],
            "shm: opening the node's shared segment, %s, failed: %s (TRIREME_TRANSPORTS=self,ofi goes without it)",
            path, strerror(errno));
        return -1;
    }
    size_t front = round_up(areas_offset() + (size_t)host->local_count * sizeof(struct shm_area));
    if ((uint64_t)status.st_size < front || map_front(host, front) ||
        memcmp(tri_shm.header->secret, invitation.secret, sizeof invitation.secret)) {
        host->fail(host->local[0], "shm: %s is not this job's segment, or can not be mapped", path);
        return -1;
    }
    return 0;
}

/* Copies the numbers that this process will compute with, and checks the copy. */
static int adopt_numbers(const struct tri_host *host)
{
    struct shm_header copy = *tri_shm.header, expected = {0};
    bool powers = copy.cells >= 16 && !(copy.cells & (copy.cells - 1)) && copy.data >= 65536 &&
                  !(copy.data & (copy.data - 1)) && copy.data <= (1u << 26) && copy.cells <= 65536;
    fill_numbers(&expected, host->local_count, copy.cells, copy.data);
    memcpy(expected.secret, copy.secret, sizeof expected.secret);
    if (!powers || memcmp(&copy, &expected, sizeof copy)) {
        host->fail(-1,
                   "the node's shared segment has another layout than expected: all ranks must use the same version "
                   "of Trireme, and TRIREME_SHM_CELLS and TRIREME_SHM_DATA must be powers of two");
        return -1;
    }
    tri_shm.cells = copy.cells;
    tri_shm.data = copy.data;
    tri_shm.ring_size = copy.ring_size;
    tri_shm.rings = copy.rings;
    memcpy(tri_shm.secret, copy.secret, sizeof tri_shm.secret);
    return 0;
}

/* Number of a ring among all: those of a lane to one process lie side by side. */
static uint64_t number_of(unsigned lane, int from, int to)
{
    uint64_t count = (uint64_t)tri_shm.count;
    return ((uint64_t)lane * count + (uint64_t)to) * count + (uint64_t)from;
}

/* Whoever sends first allocates a ring. */
static void prefer_own_node(void)
{
    tri_shm.numa_node = tri_shm_numa_node("/sys/devices/system");
    if (tri_shm.numa_node >= 0) {
        uint64_t len = (uint64_t)tri_shm.count * tri_shm.ring_size;
        for (unsigned lane = 0; lane < tri_shm.lane_count; lane++) {
            uint64_t start = tri_shm.rings + number_of(lane, 0, tri_shm.index) * tri_shm.ring_size;
            tri_shm_numa_prefer(tri_shm.fd, (off_t)start, len, tri_shm.numa_node);
        }
    }
}

static void start_lane(struct shm_lane *lane)
{
    lane->endpoints = calloc((size_t)tri_shm.count, sizeof *lane->endpoints);
    lane->sources = calloc((size_t)tri_shm.count, sizeof *lane->sources);
    if (!lane->endpoints || !lane->sources) {
        tri_shm.host->fail(-1, "out of memory");
    }
}

int tri_shm_segment_open(const struct tri_host *host)
{
    tri_shm = (struct shm_state){.host = host, .count = host->local_count, .fd = -1, .pipe = {-1, -1}};
    tri_shm.index = tri_shm_local_index(host->rank);
    tri_shm.lane_count = host->lanes <= SHM_LANES ? host->lanes : 1;
    if (host->local_count > SHM_RANKS_MAX) {
        host->note("shm: more than %d ranks on a node", SHM_RANKS_MAX);
        return TRI_UNSUPPORTED;
    }
    int result = tri_shm.index == 0 ? make_segment(host) : open_segment(host);
    if (result && tri_shm.index == 0) {
        publish_none(host);
    }
    if (result || adopt_numbers(host)) {
        tri_shm_segment_close();
        return TRI_UNSUPPORTED;
    }
    prefer_own_node();
    for (unsigned lane = 0; lane < tri_shm.lane_count; lane++) {
        start_lane(&tri_shm.lanes[lane]);
    }
    struct shm_area *own = &tri_shm.areas[tri_shm.index];
    own->lanes = tri_shm.lane_count;
    own->pid = getpid();
    own->probe = (uint64_t)(uintptr_t)tri_shm.secret;
    tri_shm_doorbell_open(own);
    /* Pairs with the acquire in tri_shm_probe and tri_shm_doorbell_ring: who sees ready sees pid, probe and pipe. */
    atomic_store_explicit(&own->ready, 1, memory_order_release);
    return TRI_OK;
}

void tri_shm_segment_close(void)
{
    if (tri_shm.header) {
        munmap(tri_shm.header, tri_shm.header_size);
    }
    if (tri_shm.fd >= 0) {
        close(tri_shm.fd);
    }
    tri_shm.header = NULL;
    tri_shm.fd = -1;
}

struct shm_ring *tri_shm_segment_ring(unsigned lane, int from, int to, bool allocate)
{
    off_t offset = (off_t)(tri_shm.rings + number_of(lane, from, to) * tri_shm.ring_size);
    /* Memory that can not be had must be an error here, and not a SIGBUS at the first packet. */
    if (allocate && posix_fallocate(tri_shm.fd, offset, (off_t)tri_shm.ring_size)) {
        return NULL;
    }
    void *ring = mmap(NULL, tri_shm.ring_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, tri_shm.fd, offset);
    return ring == MAP_FAILED ? NULL : ring;
}

void *tri_shm_share(int peer, uint64_t offset, size_t len)
{
    int index = tri_shm_local_index(peer);
    uint64_t spaces = tri_shm.rings + number_of(SHM_LANES, 0, 0) * tri_shm.ring_size;
    off_t start = (off_t)(spaces + (uint64_t)index * SHM_SPACE + offset);
    len = round_up(len);
    if (index < 0 || offset % round_up(1) || offset + len > SHM_SPACE) {
        return NULL;
    }
    if (index == tri_shm.index && tri_shm.numa_node >= 0) {
        tri_shm_numa_prefer(tri_shm.fd, start, len, tri_shm.numa_node);
    }
    if (index == tri_shm.index && posix_fallocate(tri_shm.fd, start, (off_t)len)) {
        return NULL;
    }
    void *memory = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, tri_shm.fd, start);
    return memory == MAP_FAILED ? NULL : memory;
}

void tri_shm_unshare(void *memory, size_t len)
{
    munmap(memory, round_up(len));
}
