/* Opening the transports, and progress over all of them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "progress.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../transports/laned.h"
#include "job.h"
#include "lane.h"
#include "launcher.h"
#include "log.h"
#include "network.h"
#include "variables.h"

extern const struct tri_transport tri_transport_self, tri_transport_shm;

#ifdef TRI_WITH_OFI
#define OFI_MODULE "transport_ofi.so"
#else
#define OFI_MODULE NULL
#endif
#ifdef TRI_WITH_UCX
#define UCX_MODULE "transport_ucx.so"
#else
#define UCX_MODULE NULL
#endif

/* To add a transport is to add its line here. A module is opened only when a job needs it, so that a job on one node
 * never loads a network library. One that this build is without stays known, with the package that it needs. */
static const struct {
    const char *name;
    const struct tri_transport *builtin;
    const char *module;
    const char *package;
} registry[] = {
    {"self", &tri_transport_self, NULL, NULL},
    {"shm", &tri_transport_shm, NULL, NULL},
    {"ofi", NULL, OFI_MODULE, "libfabric-dev"},
    {"ucx", NULL, UCX_MODULE, "libucx-dev"},
};

static struct tri_open_transport opened[TRI_TRANSPORTS_MAX];
static int opened_count;
static uint8_t *carrier; /* peer index to index in opened */

static struct tri_later *laters;

static const unsigned nothing;
static struct {
    _Alignas(TRI_CACHE_LINE) int (*run)(unsigned lane, bool last);
    const unsigned *work;
    unsigned uncared; /* calls of tri_progress in this lane since the others were looked after; vain ones count more */
    unsigned skipped[TRI_TRANSPORTS_MAX]; /* calls of tri_progress in this lane since the transport was polled last */
    int lively;                           /* the transport in which something has happened last */
} hooks[TRI_LANES];

/* How often who holds a lane looks after those that nobody holds, in calls of tri_progress: often enough for a message
 * there that nobody waits for, seldom enough to cost nothing. A look takes a lock that another thread may want. */
enum { CARE_EVERY = 256, VAIN_COUNTS = 16 };

static int (*watch)(void);
static const unsigned *watch_work = &nothing;

static int64_t host_number(const char *name)
{
    return tri_variable_number(tri_variable_find(name));
}

static const char *host_text(const char *name)
{
    return tri_variable_text(tri_variable_find(name));
}

static bool leaving;

void tri_progress_leave(void)
{
    leaving = true;
}

static void host_fail(int peer, const char *format, ...)
{
    if (leaving && peer >= 0) {
        return;
    }
    char line[900];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (peer >= 0) {
        tri_log_fatal(1, "%s (peer: rank %d of the job)", line, peer);
    }
    tri_log_fatal(1, "%s", line);
}

/* Why transports that were tried are not used, for the error when no other helps; and the last thing that one said. */
static char reasons[900], said[400];

static bool opening;

/* Later notes may come from several lanes at a time. */
static void host_note(const char *format, ...)
{
    char line[sizeof said];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (opening) {
        strcpy(said, line);
    }
    tri_log_note("%s", line);
}

static int host_publish(const char *key, const void *value, size_t len)
{
    if (!tri_job.launched) {
        host_note("there is no launcher through which to publish \"%s\"", key);
        return -1;
    }
    return tri_launcher->publish(key, value, len);
}

/* Only what was published is looked up, so that there is a launcher. */
static int host_lookup(int rank, const char *key, void *value, size_t capacity)
{
    return tri_launcher->lookup(rank, key, value, capacity);
}

static struct tri_host host = {
    .publish = host_publish,
    .lookup = host_lookup,
    .number = host_number,
    .text = host_text,
    .fail = host_fail,
    .note = host_note,
};

static const struct tri_transport *load_module(size_t row)
{
    const char *name = registry[row].name, *file = registry[row].module;
    if (!file) {
        host_note("%s: not part of this build: configure was told so, or found no %s", name, registry[row].package);
        return NULL;
    }
    const char *folder = tri_variable_text(TRI_VAR_MODULE_DIR);
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", *folder ? folder : TRI_MODULE_DIR, file);
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!module) {
        host_note("%s: its module can not be loaded: %s (TRIREME_MODULE_DIR names the folder)", name, dlerror());
        return NULL;
    }
    const struct tri_transport *(*entry)(void);
    /* POSIX's way to turn dlsym's object pointer into a function pointer. */
    *(void **)&entry = dlsym(module, "tri_transport_module");
    return entry ? entry() : NULL;
}

/* A module has one lane: it gets as many as the process has. Where that is one, too, the peers are only told so. */
static const struct tri_transport *with_lanes(const struct tri_transport *module)
{
    if (module && host.lanes > 1) {
        return tri_laned_over(module);
    }
    return module && tri_laned_publish(&host) == TRI_OK ? module : NULL;
}

static int open_one(size_t row)
{
    const struct tri_transport *ops = registry[row].builtin ? registry[row].builtin : with_lanes(load_module(row));
    struct tri_open_transport *entry = &opened[opened_count];
    *entry = (struct tri_open_transport){0};
    if (!ops || ops->open(&host, &entry->limits) != TRI_OK) {
        size_t used = strlen(reasons);
        snprintf(reasons + used, sizeof reasons - used, "; %s", said);
        tri_log_note("transport %s is not used", registry[row].name);
        return -1;
    }
    entry->ops = ops;
    opened_count++;
    return 0;
}

/* Gives the peers that nobody carries yet to the newest transport. Returns how many are left. */
static int assign(uint8_t none)
{
    int left = 0;
    for (int peer = 0; peer < host.size; peer++) {
        if (carrier[peer] == none && opened_count > 0 && opened[opened_count - 1].ops->reaches(peer)) {
            carrier[peer] = (uint8_t)(opened_count - 1);
        }
        left += carrier[peer] == none;
    }
    return left;
}

static bool is_word(const char *word, const char *name, size_t len)
{
    return strlen(word) == len && !memcmp(word, name, len);
}

static int find_row(const char *name, size_t len)
{
    for (size_t i = 0; i < TRI_COUNT_OF(registry); i++) {
        if (is_word(registry[i].name, name, len)) {
            return (int)i;
        }
    }
    tri_log_error("TRIREME_TRANSPORTS names \"%.*s\", which is not a transport; there are self, shm, ofi and ucx, and "
                  "network for the better of the last two",
                  (int)len, name);
    return -1;
}

/* Opens what the list names as long as a peer is left that nobody reaches: *left of them. */
static int open_listed(const char *list, int *left)
{
    while (*list) {
        size_t len = strcspn(list, ",");
        if (is_word("network", list, len)) {
            const struct tri_network *network = *left > 0 ? tri_network_choose() : NULL;
            if (network) {
                tri_log_note("between nodes: %s, the best first (%s: %s)", network->transports, network->fabric,
                             network->why);
                open_listed(network->transports, left);
            }
        } else {
            int row = find_row(list, len);
            if (row < 0) {
                return -1;
            }
            if (*left > 0 && open_one((size_t)row) == 0) {
                *left = assign(UINT8_MAX);
            }
        }
        list += len + (list[len] == ',');
    }
    return 0;
}

static int open_all(const char *list)
{
    int left = host.size;
    if (open_listed(list, &left)) {
        return -1;
    }
    if (left > 0) {
        int peer = (int)((uint8_t *)memchr(carrier, UINT8_MAX, (size_t)host.size) - carrier);
        tri_log_error("no transport reaches rank %d (%d of %d ranks are out of reach) with TRIREME_TRANSPORTS=%s%s",
                      peer, left, host.size, list, reasons);
        return -1;
    }
    return 0;
}

int tri_transports_open(void (*deliver)(unsigned, int, const struct tri_envelope *, const void *, size_t),
                        void (*notified)(unsigned, uint64_t))
{
    host.rank = tri_job.rank;
    host.size = tri_job.size;
    host.lanes = tri_lane_count;
    host.job = tri_job.name;
    host.local = tri_job.local;
    host.local_count = tri_job.local_count;
    host.oversubscribed = tri_job.oversubscribed;
    host.deliver = deliver;
    host.notified = notified;
    carrier = malloc((size_t)host.size);
    if (!carrier) {
        tri_log_error("out of memory");
        return -1;
    }
    memset(carrier, UINT8_MAX, (size_t)host.size);
    opening = true;
    int result = open_all(tri_variable_text(TRI_VAR_TRANSPORTS));
    opening = false;
    if (result) {
        return -1;
    }
    return tri_job.launched ? tri_launcher->commit() : 0;
}

void tri_transports_close(void)
{
    while (opened_count > 0) {
        opened[--opened_count].ops->close();
    }
    free(carrier);
    carrier = NULL;
}

const struct tri_open_transport *tri_transports_for(int peer)
{
    return &opened[carrier[peer]];
}

unsigned tri_transports_lanes(int peer)
{
    const struct tri_transport *ops = opened[carrier[peer]].ops;
    return ops->lanes ? ops->lanes(peer) : 1;
}

void tri_progress_hook(unsigned lane, int (*run)(unsigned lane, bool last), const unsigned *work)
{
    hooks[lane].run = run;
    hooks[lane].work = work;
}

void tri_progress_watch(int (*look)(void), const unsigned *work)
{
    watch = look;
    watch_work = work;
}

void tri_progress_later(struct tri_later *later)
{
    later->next = laters;
    laters = later;
}

static int run_laters(void)
{
    int count = 0;
    struct tri_later *later = laters;
    laters = NULL; /* those that ask for another time are for the next call */
    while (later) {
        struct tri_later *next = later->next;
        later->run(later);
        later = next;
        count++;
    }
    return count;
}

static inline int run_hook(unsigned lane)
{
    return *hooks[lane].work ? hooks[lane].run(lane, false) : 0;
}

/* Before a sleep. Whether something happened. */
static bool run_hooks_last(void)
{
    int events = 0;
    for (unsigned lane = 0; lane < TRI_LANES; lane++) {
        if (hooks[lane].work && *hooks[lane].work) {
            int happened = hooks[lane].run(lane, true);
            if (happened > 0) {
                tri_lane_tell(lane);
            }
            events += happened;
        }
    }
    return events > 0;
}

/* A costly transport is polled at each turn as long as it is the one from which things come: the next of an exchange
 * between nodes will, and on the node nobody waits for it. */
static inline int poll_transports(unsigned lane)
{
    int events = 0;
    unsigned *skipped = hooks[lane].skipped;
    for (int i = 0; i < opened_count; i++) {
        const struct tri_open_transport *entry = &opened[i];
        if (lane > 0 && lane >= entry->limits.lanes) {
            continue;
        }
        if (TRI_LIKELY(++skipped[i] >= entry->limits.poll_every) || hooks[lane].lively == i) {
            skipped[i] = 0;
            int happened = entry->ops->progress(lane);
            if (happened > 0) {
                hooks[lane].lively = i;
            }
            events += happened;
        }
    }
    return events;
}

static inline int progress_first(void)
{
    int events = poll_transports(0) + run_hook(0);
    if (*watch_work) {
        events += watch();
    }
    if (TRI_UNLIKELY(laters != NULL)) {
        events += run_laters();
    }
    if (TRI_UNLIKELY(tri_lane_has_left())) {
        events += tri_lane_run_left();
    }
    return events;
}

static int progress_in(unsigned lane)
{
    int events = lane == 0 ? progress_first() : poll_transports(lane) + run_hook(lane);
    if (events > 0) {
        tri_lane_tell(lane);
    }
    return events;
}

/* The lanes that nobody holds. What runs there may enter others: that is given back, too. */
static int care(unsigned lanes)
{
    struct tri_lane_hold before = tri_lane_mine;
    int events = 0;
    for (; lanes; lanes &= lanes - 1) {
        unsigned lane = (unsigned)__builtin_ctz(lanes);
        if (tri_lane_try(lane)) {
            tri_progress_all_next();
            events += progress_in(lane);
            tri_lane_return_to(before);
        }
    }
    return events;
}

static int progress_held(void)
{
    int events = 0;
    unsigned held = tri_lane_mine.lanes;
    for (unsigned lanes = held; lanes; lanes &= lanes - 1) {
        events += progress_in((unsigned)__builtin_ctz(lanes));
    }
    /* Acquire, pairs with the release in tri_lane_use. */
    unsigned others = atomic_load_explicit(&tri_lane_used, memory_order_acquire) & ~held;
    if (!held) {
        return care(others);
    }
    unsigned *uncared = &hooks[__builtin_ctz(held)].uncared;
    *uncared += events ? 1 : VAIN_COUNTS;
    if (*uncared >= CARE_EVERY) {
        *uncared = 0;
        events += care(others);
    }
    return events;
}

int tri_progress(void)
{
    return TRI_LIKELY(!tri_lane_threaded) ? progress_first() : progress_held();
}

void tri_progress_all_next(void)
{
    for (unsigned lanes = tri_lane_held(); lanes; lanes &= lanes - 1) {
        unsigned *skipped = hooks[__builtin_ctz(lanes)].skipped;
        for (int i = 0; i < opened_count; i++) {
            skipped[i] = opened[i].limits.poll_every;
        }
    }
}

int tri_progress_arm(uint32_t **futex, uint32_t *value, int fds[TRI_TRANSPORTS_MAX], int *count)
{
    bool as_fd = false;
    *futex = NULL;
    *count = 0;
    /* Backwards: a network transport comes last and has descriptors only, to which the others then must adapt. */
    for (int i = opened_count - 1; i >= 0; i--) {
        struct tri_wakeup wakeup = {.fd = -1};
        int result = opened[i].ops->arm(as_fd, &wakeup);
        if (result != TRI_OK) {
            return result;
        }
        if (wakeup.fd >= 0) {
            fds[(*count)++] = wakeup.fd;
            as_fd = true;
        } else if (wakeup.futex) {
            *futex = wakeup.futex;
            *value = wakeup.value;
        }
    }
    /* What was stored before the transports were armed has woken nobody. */
    if (*watch_work && watch() > 0) {
        tri_lane_tell(0);
        return TRI_NO_RESOURCE;
    }
    if (run_hooks_last()) {
        return TRI_NO_RESOURCE;
    }
    return tri_lane_has_left() ? TRI_NO_RESOURCE : TRI_OK;
}

void tri_progress_disarm(void)
{
    for (int i = 0; i < opened_count; i++) {
        opened[i].ops->disarm();
    }
    /* Whoever has slept looks at everything first. */
    tri_progress_all_next();
    for (int lane = 0; lane < TRI_LANES; lane++) {
        hooks[lane].uncared = CARE_EVERY;
    }
}
