/* node_spawn.c: starts the ranks of a node, each with its environment, streams and cores. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "children.h"
#include "node_internal.h"
#include "startup.h"

/* All that the child needs between vfork and exec, made ready beforehand. */
struct start {
    const char *file;
    char *const *argv, *const *env;
    const char *dir;
    int streams[3];
    const cpu_set_t *mask; /* NULL: not bound */
    size_t mask_size;
    pid_t parent;
    sigset_t signals;      /* the mask to restore */
    volatile int error;    /* errno of what failed; the child shares our memory */
};

/* Our own handlers must not run in the child, and what we ignore it must not ignore. What the
 * user's shell ignored (nohup) stays ignored. */
static void reset_signals(void)
{
    struct sigaction action;

    for (int signum = 1; signum < SIGRTMIN; signum++) {
        if (sigaction(signum, NULL, &action) == 0 && action.sa_handler != SIG_DFL &&
            action.sa_handler != SIG_IGN) {
            signal(signum, SIG_DFL);
        }
    }
    signal(SIGPIPE, SIG_DFL);
    signal(SIGTTIN, SIG_DFL);
    signal(SIGTTOU, SIG_DFL);
}

/* Runs in the child, in the parent's memory: system calls only. */
static _Noreturn void become_rank(struct start *start)
{
    reset_signals();
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != start->parent) {
        _exit(TRI_EXIT_ERROR);
    }
    if (start->mask != NULL) {
        sched_setaffinity(0, start->mask_size, start->mask);
    }
    for (int i = 0; i < 3; i++) {
        if (start->streams[i] != i && dup2(start->streams[i], i) < 0) {
            start->error = errno;
            _exit(TRI_EXIT_ERROR);
        }
    }
    tri_startup_restore_limits();
    if (chdir(start->dir) == 0) {
        sigprocmask(SIG_SETMASK, &start->signals, NULL);
        execve(start->file, start->argv, start->env);
    }
    start->error = errno;
    _exit(TRI_EXIT_ERROR);
}

/* vfork: the parent's page tables are not copied and a failed exec is known at once. */
static pid_t fork_rank(struct start *start)
{
    sigset_t all;

    sigfillset(&all);
    start->parent = getpid();
    pthread_sigmask(SIG_SETMASK, &all, &start->signals);
    pid_t pid = vfork();

    if (pid == 0) {
        become_rank(start);
    }
    if (pid < 0) {
        start->error = errno;
    }
    pthread_sigmask(SIG_SETMASK, &start->signals, NULL);
    return pid;
}

/* Open MPI 4 takes itself for a world of one under any launcher that it does not know by name,
 * unless told to ask PMIx. A user's own choice wins. */
static void set_open_mpi(struct tri_strings *env)
{
    if (tri_strings_getenv(env, "OMPI_MCA_ess") == NULL &&
        tri_strings_getenv(env, "OMPI_MCA_schizo") == NULL) {
        tri_strings_setenv(env, "OMPI_MCA_ess", "pmi");
        tri_strings_setenv(env, "OMPI_MCA_schizo", "slurm");
    }
}

/* The environment that all ranks of an app have in common. */
static void base_env(const struct tri_node *node, const struct tri_app *app,
                     struct tri_strings *env)
{
    char cores[16], count[16];

    for (char **entry = environ; *entry != NULL; entry++) {
        tri_strings_add(env, *entry);
    }
    const struct tri_strings *layers[] = {&node->desc.env, &app->env};

    for (size_t layer = 0; layer < 2; layer++) {
        for (size_t i = 0; i < layers[layer]->count; i++) {
            char *name = tri_copy(layers[layer]->items[i]);
            char *equals = strchr(name, '=');

            if (equals != NULL) {
                *equals = '\0';
                tri_strings_setenv(env, name, equals + 1);
            }
            free(name);
        }
    }
    set_open_mpi(env);
    snprintf(cores, sizeof cores, "%u", node->berths.cores);
    tri_strings_setenv(env, "TRIREME_JOB_CORES", cores);
    snprintf(count, sizeof count, "%u", app->count);
    tri_strings_setenv(env, "TRIREME_JOB_MAXPROCS", count); /* for MPI_INFO_ENV */
    cpu_set_t own;

    if (sched_getaffinity(0, sizeof own, &own) == 0) { /* else a rank takes it that it may use all */
        snprintf(count, sizeof count, "%d", CPU_COUNT(&own));
        tri_strings_setenv(env, "TRIREME_JOB_CPUS", count);
    }
    tri_strings_setenv(env, "PWD", app->dir);
}

/* Makes the rank's stdin, stdout and stderr; ours[] are the other ends, -1 where there is none. */
static int open_streams(const struct tri_node *node, uint32_t rank, int theirs[3], int ours[3])
{
    int ends[2];
    bool reads = tri_jobdesc_reads(&node->desc, rank);
    bool relay = reads && node->desc.input == TRI_STDIN_RELAY;

    for (int i = 0; i < 3; i++) {
        theirs[i] = ours[i] = -1;
    }
    for (int i = relay ? 0 : 1; i < 3; i++) {
        if (pipe2(ends, O_CLOEXEC) != 0) {
            return errno;
        }
        theirs[i] = ends[i == 0 ? 0 : 1];
        ours[i] = ends[i == 0 ? 1 : 0];
    }
    if (reads && !relay) {
        theirs[0] = STDIN_FILENO;
    } else if (!relay) {
        theirs[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    return theirs[0] < 0 ? errno : 0;
}

static void close_streams(const int streams[3])
{
    for (int i = 0; i < 3; i++) {
        if (streams[i] > STDERR_FILENO) {
            close(streams[i]);
        }
    }
}

/* Records a rank that runs now. */
static void adopt(struct tri_node *node, uint32_t rank, pid_t pid, const int ours[3],
                  const char *binding)
{
    struct tri_local_rank *local = &node->locals[node->nlocals++];
    struct tri_buffer payload = {0};

    *local = (struct tri_local_rank){.node = node, .rank = rank, .pid = pid, .running = true,
                                      .in = {.fd = -1}};
    node->nrunning++;
    tri_children_watch(pid, tri_node_rank_ended, local);
    for (uint32_t i = 0; i < 2; i++) {
        tri_collector_open(&local->out[i], node, rank, i + 1, ours[i + 1]);
    }
    if (ours[0] >= 0) {
        tri_input_open(&local->in, node, ours[0]);
    }
    tri_put_u32(&payload, rank);
    tri_put_u32(&payload, (uint32_t)pid);
    tri_put_string(&payload, binding);
    tri_node_send(node, TRI_MSG_STARTED, &payload);
}

/* Starts one rank; start has what its app's ranks have in common. Returns an errno value. */
static int start_rank(struct tri_node *node, struct start *start, uint32_t rank,
                      const struct tri_strings *base)
{
    struct tri_strings env = {0};
    int ours[3];

    for (size_t i = 0; i < base->count; i++) {
        tri_strings_add(&env, base->items[i]);
    }
    tri_server_setup_env(node->desc.nspace, rank, &env);
    char *binding = tri_node_bind_env(node, node->nlocals, &env);

    start->env = env.items;
    start->error = open_streams(node, rank, start->streams, ours);
    if (start->error == 0) {
        pid_t pid = fork_rank(start);

        if (start->error == 0) {
            adopt(node, rank, pid, ours, binding);
        } else if (pid > 0) {
            tri_children_reap();
        }
    }
    close_streams(start->streams);
    if (start->error != 0) {
        close_streams(ours);
    }
    free(binding);
    tri_strings_clear(&env);
    return start->error;
}

static int start_app(struct tri_node *node, const struct tri_app *app, struct start *start,
                     const struct tri_strings *base, char **why)
{
    cpu_set_t *mask = tri_alloc(1, start->mask_size);
    int error = 0;

    for (uint32_t rank = app->first; rank < app->first + app->count && error == 0; rank++) {
        if (node->desc.node_of[rank] == node->desc.node) {
            bool bound = tri_node_bind_mask(node, node->nlocals, mask, start->mask_size);

            start->mask = bound ? mask : NULL;
            error = start_rank(node, start, rank, base);
        }
    }
    free(mask);
    if (error == 0) {
        return 0;
    }
    *why = tri_format("cannot start \"%s\" on node %s: %s", app->argv.items[0],
                      node->desc.nodes.items[node->desc.node], strerror(error));
    return error == ENOENT                       ? TRI_EXIT_NOT_FOUND
           : error == EACCES || error == ENOEXEC ? TRI_EXIT_NOT_EXECUTABLE
                                                 : TRI_EXIT_ERROR;
}

static bool has_ranks_here(const struct tri_node *node, const struct tri_app *app)
{
    for (uint32_t rank = app->first; rank < app->first + app->count; rank++) {
        if (node->desc.node_of[rank] == node->desc.node) {
            return true;
        }
    }
    return false;
}

int tri_node_spawn(struct tri_node *node, char **why)
{
    uint32_t total = tri_jobdesc_count_on(&node->desc, node->desc.node);
    int code = 0;

    if (node->berths.count != total) {
        *why = tri_format("node %s was not told where its ranks run",
                          node->desc.nodes.items[node->desc.node]);
        return TRI_EXIT_ERROR;
    }
    node->locals = tri_alloc(total, sizeof *node->locals);
    for (uint32_t i = 0; i < node->desc.napps && code == 0; i++) {
        const struct tri_app *app = &node->desc.apps[i];
        struct tri_strings env = {0};
        char *file = NULL;

        if (!has_ranks_here(node, app)) {
            continue;
        }
        base_env(node, app, &env);
        code = tri_program_find(app, tri_strings_getenv(&env, "PATH"),
                                node->desc.nodes.items[node->desc.node], &file, why);
        if (code == 0) {
            struct start start = {.file = file, .argv = app->argv.items, .dir = app->dir};

            start.mask_size = tri_topology_mask_size(node->topo);
            code = start_app(node, app, &start, &env, why);
        }
        free(file);
        tri_strings_clear(&env);
    }
    return code;
}
