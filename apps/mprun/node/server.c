/* server.c: the PMIx server of a node, and the way from its thread to the event loop. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "server.h"

#include <fcntl.h>
#include <pmix_server.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "server_nspace.h"
#include "server_psets.h"

enum happening { CONNECTED, FINALIZED, ABORTED, FENCE, MODEX_ASK, MODEX_GIVE };

/* Something that happened on the library's thread, on its way to the event loop. */
struct note {
    struct note *next;
    enum happening what;
    uint32_t rank, code;
    uint64_t id;
    char *text;                     /* abort message */
    struct tri_buffer participants; /* fence */
    void *data;
    size_t len;
    pmix_modex_cbfunc_t modex_done; /* how to answer a fence or a request for data */
    pmix_op_cbfunc_t op_done;
    void *cookie;
};

/* A fence or a request for data that waits for its answer. */
struct pending {
    struct pending *next;
    uint64_t id;
    pmix_modex_cbfunc_t done;
    void *cookie;
};

/* One server a process: the library's callbacks have no context to carry this in. */
static struct {
    const struct tri_server_hooks *hooks;
    void *context;
    struct event *wakeup;
    int wakeup_fd;
    pthread_mutex_t lock; /* guards first and last, nothing else */
    struct note *first, *last;
    struct pending *pending; /* event loop only */
    uint64_t next_id;        /* event loop only */
} server = {.wakeup_fd = -1, .lock = PTHREAD_MUTEX_INITIALIZER};

static struct note *new_note(enum happening what, uint32_t rank)
{
    struct note *note = tri_alloc(1, sizeof *note);

    note->what = what;
    note->rank = rank;
    return note;
}

/* Any thread. */
static void post(struct note *note)
{
    uint64_t one = 1;

    pthread_mutex_lock(&server.lock);
    if (server.last != NULL) {
        server.last->next = note;
    } else {
        server.first = note;
    }
    server.last = note;
    pthread_mutex_unlock(&server.lock);
    ssize_t ignored = write(server.wakeup_fd, &one, sizeof one);
    (void)ignored; /* a full counter is readable all the same */
}

static void *copy_bytes(const void *data, size_t len)
{
    return len > 0 ? memcpy(tri_alloc(len, 1), data, len) : NULL;
}

static pmix_status_t on_connected(const pmix_proc_t *proc, void *object, pmix_info_t info[],
                                  size_t ninfo, pmix_op_cbfunc_t done, void *cookie)
{
    (void)object, (void)info, (void)ninfo, (void)done, (void)cookie;
    post(new_note(CONNECTED, proc->rank));
    return PMIX_OPERATION_SUCCEEDED;
}

static pmix_status_t on_finalized(const pmix_proc_t *proc, void *object, pmix_op_cbfunc_t done,
                                  void *cookie)
{
    (void)object, (void)done, (void)cookie;
    post(new_note(FINALIZED, proc->rank));
    return PMIX_OPERATION_SUCCEEDED;
}

static pmix_status_t on_abort(const pmix_proc_t *proc, void *object, int status, const char msg[],
                              pmix_proc_t procs[], size_t nprocs, pmix_op_cbfunc_t done,
                              void *cookie)
{
    (void)object, (void)procs, (void)nprocs;
    struct note *note = new_note(ABORTED, proc->rank);

    note->code = (uint32_t)status;
    note->text = tri_copy(msg != NULL ? msg : "");
    note->op_done = done;
    note->cookie = cookie;
    post(note);
    return PMIX_SUCCESS;
}

/* A process of this node has taken leave while others were in the fence, and has not come to it: the library counts it
 * out, and would have us fence without it. Those that came are told, and may come again. */
static bool is_partial(const pmix_info_t info[], size_t ninfo)
{
    for (size_t i = 0; i < ninfo; i++) {
        if (PMIX_CHECK_KEY(&info[i], PMIX_LOCAL_COLLECTIVE_STATUS)) {
            return info[i].value.data.status != PMIX_SUCCESS;
        }
    }
    return false;
}

static pmix_status_t on_fence(const pmix_proc_t procs[], size_t nprocs, const pmix_info_t info[],
                              size_t ninfo, char *data, size_t ndata, pmix_modex_cbfunc_t done,
                              void *cookie)
{
    if (is_partial(info, ninfo)) {
        done(PMIX_ERR_PARTIAL_SUCCESS, NULL, 0, cookie, NULL, NULL);
        return PMIX_SUCCESS;
    }
    struct note *note = new_note(FENCE, 0);

    for (size_t i = 0; i < nprocs; i++) {
        bool all = procs[i].rank == PMIX_RANK_WILDCARD;

        tri_put_u32(&note->participants, all ? TRI_ALL_RANKS : procs[i].rank);
    }
    note->data = copy_bytes(data, ndata);
    note->len = ndata;
    note->modex_done = done;
    note->cookie = cookie;
    post(note);
    return PMIX_SUCCESS;
}

static pmix_status_t on_modex_ask(const pmix_proc_t *proc, const pmix_info_t info[], size_t ninfo,
                                  pmix_modex_cbfunc_t done, void *cookie)
{
    (void)info, (void)ninfo;
    struct note *note = new_note(MODEX_ASK, proc->rank);

    note->modex_done = done;
    note->cookie = cookie;
    post(note);
    return PMIX_SUCCESS;
}

static void on_modex_give(pmix_status_t status, char *data, size_t len, void *context)
{
    struct note *note = context;

    note->code = status == PMIX_SUCCESS ? TRI_STATUS_OK : TRI_STATUS_FAILED;
    note->data = copy_bytes(data, len);
    note->len = len;
    post(note);
}

static uint64_t remember(const struct note *note)
{
    struct pending *pending = tri_alloc(1, sizeof *pending);

    pending->id = server.next_id++;
    pending->done = note->modex_done;
    pending->cookie = note->cookie;
    pending->next = server.pending;
    server.pending = pending;
    return pending->id;
}

static void tell(const struct note *note)
{
    const struct tri_server_hooks *hooks = server.hooks;
    void *context = server.context;

    switch (note->what) {
    case CONNECTED:
        hooks->connected(context, note->rank);
        break;
    case FINALIZED:
        hooks->finalized(context, note->rank);
        break;
    case ABORTED:
        hooks->aborted(context, note->rank, note->code, note->text);
        note->op_done(PMIX_SUCCESS, note->cookie);
        break;
    case FENCE:
        hooks->fence(context, remember(note), &note->participants, note->data, note->len);
        break;
    case MODEX_ASK:
        hooks->modex_ask(context, remember(note), note->rank);
        break;
    case MODEX_GIVE:
        hooks->modex_give(context, note->id, note->code, note->data, note->len);
        break;
    }
}

void tri_server_poll(void)
{
    pthread_mutex_lock(&server.lock);
    struct note *note = server.first;

    server.first = server.last = NULL;
    pthread_mutex_unlock(&server.lock);
    while (note != NULL) {
        struct note *next = note->next;

        tell(note);
        tri_buffer_free(&note->participants);
        free(note->text);
        free(note->data);
        free(note);
        note = next;
    }
}

static void on_wakeup(evutil_socket_t fd, short what, void *context)
{
    uint64_t count;
    ssize_t ignored = read(fd, &count, sizeof count);

    (void)ignored, (void)what, (void)context;
    tri_server_poll();
}

static void free_data(void *data)
{
    free(data);
}

static void answer(uint64_t id, uint32_t status, const void *data, size_t len)
{
    struct pending **link = &server.pending;

    while (*link != NULL && (*link)->id != id) {
        link = &(*link)->next;
    }
    struct pending *pending = *link;

    if (pending == NULL) {
        return;
    }
    *link = pending->next;
    char *copy = copy_bytes(data, len);

    pending->done(status == TRI_STATUS_OK ? PMIX_SUCCESS : PMIX_ERR_NOT_FOUND, copy, len,
                  pending->cookie, free_data, copy);
    free(pending);
}

void tri_server_fence_done(uint64_t id, uint32_t status, const void *data, size_t len)
{
    answer(id, status, data, len);
}

void tri_server_modex_done(uint64_t id, uint32_t status, const void *data, size_t len)
{
    answer(id, status, data, len);
}

void tri_server_modex_get(const char *nspace, uint64_t id, uint32_t rank)
{
    struct note *note = new_note(MODEX_GIVE, rank);
    pmix_proc_t proc;

    note->id = id;
    PMIX_LOAD_PROCID(&proc, nspace, rank);
    if (PMIx_server_dmodex_request(&proc, on_modex_give, note) != PMIX_SUCCESS) {
        note->code = TRI_STATUS_FAILED;
        post(note);
    }
}

void tri_server_setup_env(const char *nspace, uint32_t rank, struct tri_strings *env)
{
    pmix_proc_t proc;
    char **entries = NULL;

    PMIX_LOAD_PROCID(&proc, nspace, rank);
    if (PMIx_server_setup_fork(&proc, &entries) != PMIX_SUCCESS) {
        tri_say("PMIx gave no environment for rank %u", rank);
    }
    for (char **entry = entries; entry != NULL && *entry != NULL; entry++) {
        char *equals = strchr(*entry, '=');

        if (equals != NULL) {
            *equals = '\0';
            tri_strings_setenv(env, *entry, equals + 1);
        }
        free(*entry);
    }
    free(entries);
}

/* The descriptor on which the library writes its lines; read when it starts. */
#define LIBRARY_OUTPUT "PMIX_OUTPUT_STDERR_FD"

/* What the library cannot do it tells its caller by a status, of which we make one line, and writes
 * lines of its own besides: one for each rank that ends while it connects, for instance. They are
 * for those who ask for more. */
static void quieten_library(void)
{
    char number[16];
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC); /* as long as the library may write */

    if (nowhere >= 0) {
        snprintf(number, sizeof number, "%d", nowhere);
        setenv(LIBRARY_OUTPUT, number, 1);
    }
}

static int init_library(const struct tri_topology *topo, const struct tri_jobdesc *desc)
{
    static pmix_server_module_t module = {
        .client_connected2 = on_connected,
        .client_finalized = on_finalized,
        .abort = on_abort,
        .fence_nb = on_fence,
        .direct_modex = on_modex_ask,
        .query = tri_server_on_query,
    };
    static char source[] = "hwloc";
    static pmix_topology_t topology = {.source = source};
    const char *tmp = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
    pmix_info_t info[4];

    tri_server_describe_psets(desc);
    memset(info, 0, sizeof info);
    PMIX_INFO_LOAD(&info[0], PMIX_SERVER_TMPDIR, tmp, PMIX_STRING);
    PMIX_INFO_LOAD(&info[1], PMIX_SYSTEM_TMPDIR, tmp, PMIX_STRING);
    PMIX_INFO_LOAD(&info[2], PMIX_HOSTNAME, desc->nodes.items[desc->node], PMIX_STRING);
    /* Left to itself the library reads the whole machine with all its devices: 15 ms. */
    topology.topology = tri_topology_handle(topo);
    PMIX_LOAD_KEY(info[3].key, PMIX_TOPOLOGY2);
    info[3].value.type = PMIX_TOPO;
    info[3].value.data.topo = &topology;
    if (!desc->verbose) {
        quieten_library();
    }
    int rc = PMIx_server_init(&module, info, 4);

    unsetenv(LIBRARY_OUTPUT);
    for (int i = 0; i < 3; i++) {
        PMIX_INFO_DESTRUCT(&info[i]);
    }
    return rc;
}

char *tri_server_start(struct event_base *base, const struct tri_topology *topo,
                       const struct tri_jobdesc *desc, const struct tri_berths *berths,
                       const struct tri_server_hooks *hooks, void *context)
{
    server.hooks = hooks;
    server.context = context;
    server.wakeup_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server.wakeup = event_new(base, server.wakeup_fd, EV_READ | EV_PERSIST, on_wakeup, NULL);
    if (server.wakeup_fd < 0 || server.wakeup == NULL || event_add(server.wakeup, NULL) != 0) {
        return tri_copy("no event descriptor is left");
    }
    int rc = init_library(topo, desc);

    if (rc == PMIX_SUCCESS) {
        rc = tri_server_register(desc, berths);
    }
    return rc == PMIX_SUCCESS
               ? NULL
               : tri_format("the PMIx server does not start (PMIx status %d)", rc);
}
