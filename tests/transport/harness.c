/* A small job for transport tests: forks ranks, gives each a host, and joins what they say. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "harness.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { VALUES = 64, KEY_MAX = 64, VALUE_MAX = 1024, EXIT_SIGNALLED = 128 };

struct value {
    int peer;
    size_t len;
    char key[KEY_MAX];
    char bytes[VALUE_MAX];
};

/* In memory that all ranks of one run share. */
struct world {
    pthread_mutex_t lock;
    size_t count;
    struct value values[VALUES];
    _Atomic unsigned arrived;
    _Atomic unsigned round;
    _Atomic uint64_t slots[SHARED_SLOTS];
    char job[32];
};

struct self self;
_Thread_local unsigned packet_lane;
static struct world *world;

void give_up(const char *file, int line, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "%s:%d: rank %d of %d, transport %s: ", file, line, self.rank, self.size, self.transport->name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    _exit(EXIT_FAILURE);
}

static int publish(const char *key, const void *value, size_t len)
{
    REQUIRE(strlen(key) < KEY_MAX && len <= VALUE_MAX);
    pthread_mutex_lock(&world->lock);
    REQUIRE(world->count < VALUES);
    struct value *entry = &world->values[world->count];
    entry->peer = self.rank;
    entry->len = len;
    strcpy(entry->key, key);
    memcpy(entry->bytes, value, len);
    world->count++;
    pthread_mutex_unlock(&world->lock);
    return 0;
}

static const struct value *find(int peer, const char *key)
{
    const struct value *found = NULL;
    pthread_mutex_lock(&world->lock);
    for (size_t i = 0; i < world->count; i++) {
        if (world->values[i].peer == peer && strcmp(world->values[i].key, key) == 0) {
            found = &world->values[i];
        }
    }
    pthread_mutex_unlock(&world->lock);
    return found;
}

static int lookup(int peer, const char *key, void *value, size_t capacity)
{
    const struct value *found;
    while (!(found = find(peer, key))) {
        usleep(200);
    }
    REQUIRE(found->len <= capacity);
    memcpy(value, found->bytes, found->len);
    return (int)found->len;
}

/* The variables that transports ask for: the library's defaults, or the environment's wish where tests set one. */
static const char *text(const char *name)
{
    char variable[KEY_MAX];
    snprintf(variable, sizeof(variable), "TRIREME_%s", name);
    const char *value = getenv(variable);
    return value ? value : "";
}

static int64_t number(const char *name)
{
    static const struct {
        const char *name;
        int64_t value;
    } defaults[] = {{"CMA", 1}, {"SHM_CELLS", 64}, {"SHM_DATA", 256 * 1024}};

    if (*text(name)) {
        return atoll(text(name));
    }
    for (size_t i = 0; i < sizeof(defaults) / sizeof(*defaults); i++) {
        if (strcmp(defaults[i].name, name) == 0) {
            return defaults[i].value;
        }
    }
    give_up(__FILE__, __LINE__, "the transport asks for a variable that the harness does not know: %s", name);
}

static void fail(int peer, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    give_up("the transport", peer, "%s", line);
}

static void note(const char *format, ...)
{
    if (!getenv("TRIREME_VERBOSE")) {
        return;
    }
    va_list args;
    va_start(args, format);
    fprintf(stderr, "rank %d: ", self.rank);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

static void deliver(unsigned lane, int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    REQUIRE(lane < self.host.lanes);
    packet_lane = lane;
    REQUIRE(peer >= 0 && peer < self.size);
    REQUIRE(self.on_packet != NULL);
    self.on_packet(peer, envelope, payload, len);
}

static void make_self(const struct tri_transport *transport, int rank, int ranks)
{
    static int everybody[RANKS_MAX];
    for (int i = 0; i < ranks; i++) {
        everybody[i] = i;
    }
    memset(&self, 0, sizeof(self));
    self.rank = rank;
    self.size = ranks;
    self.transport = transport;
    self.host = (struct tri_host){.rank = rank,
                                  .size = ranks,
                                  .lanes = 1,
                                  .job = world->job,
                                  .local = everybody,
                                  .local_count = ranks,
                                  .oversubscribed = false,
                                  .deliver = deliver,
                                  .publish = publish,
                                  .lookup = lookup,
                                  .number = number,
                                  .text = text,
                                  .fail = fail,
                                  .note = note};
}

static void make_world(void)
{
    static unsigned runs;
    pthread_mutexattr_t attributes;
    world = mmap(NULL, sizeof(*world), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (world == MAP_FAILED) {
        perror("mmap");
        exit(EXIT_FAILURE);
    }
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&world->lock, &attributes);
    pthread_mutexattr_destroy(&attributes);
    snprintf(world->job, sizeof(world->job), "conformance.%d.%u", (int)getpid(), runs++);
}

/* Ends the ranks that have not been waited for yet. */
static void end_ranks(const pid_t *pids, int count)
{
    for (int i = 0; i < count; i++) {
        if (pids[i] > 0) {
            kill(pids[i], SIGKILL);
        }
    }
}

/* Waits for the ranks; the first that fails ends the others. */
static int join_ranks(pid_t *pids, int count)
{
    int failures = 0;
    pid_t pid;
    for (int status; (pid = wait(&status)) > 0;) {
        for (int i = 0; i < count; i++) {
            pids[i] = pids[i] == pid ? 0 : pids[i];
        }
        if (status == 0 || failures++ > 0) {
            continue;
        }
        if (WIFSIGNALED(status)) {
            fprintf(stderr, "a rank was ended by signal %d%s\n", WTERMSIG(status),
                    WTERMSIG(status) == SIGALRM ? ": it took too long" : "");
        }
        end_ranks(pids, count);
    }
    return failures;
}

int run_ranks(const struct tri_transport *transport, int ranks, rank_fn *fn, unsigned seconds)
{
    pid_t pids[RANKS_MAX];
    make_world();
    for (int rank = 0; rank < ranks; rank++) {
        pids[rank] = fork();
        if (pids[rank] == 0) {
            alarm(seconds);
            make_self(transport, rank, ranks);
            fn();
            _exit(EXIT_SUCCESS);
        }
        if (pids[rank] < 0) {
            perror("fork");
            exit(EXIT_FAILURE);
        }
    }
    int failures = join_ranks(pids, ranks);
    munmap(world, sizeof(*world));
    return failures;
}

void progress(void)
{
    if (self.transport->progress(0) == 0) {
        sched_yield();
    }
}

static void meet_with(bool progressing)
{
    unsigned round = world->round;
    if (atomic_fetch_add(&world->arrived, 1) + 1 == (unsigned)self.size) {
        world->arrived = 0;
        world->round = round + 1;
        return;
    }
    while (world->round == round) {
        if (progressing) {
            self.transport->progress(0);
        }
        sched_yield();
    }
}

void meet(void)
{
    meet_with(false);
}

void meet_progressing(void)
{
    meet_with(true);
}

_Atomic uint64_t *shared_slot(int index)
{
    return &world->slots[index];
}

void open_transport(void)
{
    /* What was published for an earlier open() is not to be found again. */
    meet();
    world->count = 0;
    meet();
    REQUIRE(self.transport->open(&self.host, &self.limits) == TRI_OK);
    for (int peer = 0; peer < self.size; peer++) {
        if (self.transport->reaches(peer)) {
            self.endpoints[peer] = self.transport->connect(0, peer);
            REQUIRE(self.endpoints[peer] != NULL);
        }
    }
    meet_progressing();
}

void close_transport(void)
{
    meet_progressing();
    self.transport->close();
    meet();
}

void send_short(int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    int result;
    while ((result = self.transport->send_short(self.endpoints[peer], envelope, payload, len)) == TRI_NO_RESOURCE) {
        progress();
    }
    REQUIRE(result == TRI_OK);
}

static void pack(void *arg, void *dest, size_t len)
{
    memcpy(dest, arg, len);
}

void send_bcopy(int peer, const struct tri_envelope *envelope, const void *payload, size_t len)
{
    void *arg = (void *)(uintptr_t)payload;
    int result;
    while ((result = self.transport->send_bcopy(self.endpoints[peer], envelope, pack, arg, len)) == TRI_NO_RESOURCE) {
        progress();
    }
    REQUIRE(result == TRI_OK);
}

static uint8_t pattern_byte(size_t i, uint32_t seed)
{
    return (uint8_t)((i * 2654435761u + seed * 40503u) >> 7);
}

void fill_pattern(void *memory, size_t len, uint32_t seed)
{
    uint8_t *bytes = memory;
    for (size_t i = 0; i < len; i++) {
        bytes[i] = pattern_byte(i, seed);
    }
}

bool has_pattern(const void *memory, size_t len, uint32_t seed)
{
    const uint8_t *bytes = memory;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != pattern_byte(i, seed)) {
            return false;
        }
    }
    return true;
}

bool is_guard(const uint8_t *bytes)
{
    for (int i = 0; i < GUARD; i++) {
        if (bytes[i] != GUARD_BYTE) {
            return false;
        }
    }
    return true;
}

static void give_lent_back(struct tri_completion *completion, int status)
{
    struct lent *lent = (struct lent *)completion;
    REQUIRE(lent->busy && status == TRI_OK);
    lent->busy = false;
    memset(lent->memory, 0xee, lent->room);
}

void make_lent(struct lent *lent, size_t room)
{
    *lent = (struct lent){.completion = {give_lent_back}, .room = room, .memory = malloc(room)};
    REQUIRE(lent->memory != NULL);
}

bool was_lent(struct lent *lent, int result)
{
    REQUIRE(result == TRI_OK || result == TRI_IN_PROGRESS || result == TRI_NO_RESOURCE);
    lent->busy = result != TRI_NO_RESOURCE;
    if (result == TRI_OK) {
        give_lent_back(&lent->completion, TRI_OK);
    }
    return result != TRI_NO_RESOURCE;
}

bool is_any_busy(const struct lent *list, int count)
{
    bool busy = false;
    for (int i = 0; i < count; i++) {
        busy = busy || list[i].busy;
    }
    return busy;
}

int next_rank(void)
{
    return (self.rank + 1) % self.size;
}
