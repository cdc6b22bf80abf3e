/* The launcher over PMI-2, which Slurm speaks where it is built without PMIx (srun --mpi=pmi2). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "launcher.h"
#include "log.h"
#include "object.h"

/* Slurm's library, by the names and types of its slurm/pmi2.h. Looked for at run time, so that neither the build nor
 * jobs of another launcher need it. Each returns 0 on success. */
static struct {
    int (*Init)(int *spawned, int *size, int *rank, int *appnum);
    int (*Finalize)(void);
    int (*Abort)(int flag, const char *message);
    int (*Job_GetId)(char id[], int size);
    int (*Info_GetJobAttr)(const char name[], char value[], int size, int *found);
    int (*Info_PutNodeAttr)(const char name[], const char value[]);
    int (*Info_GetNodeAttr)(const char name[], char value[], int size, int *found, int wait);
    int (*KVS_Put)(const char key[], const char value[]);
    int (*KVS_Get)(const char *job, int source, const char key[], char value[], int size, int *len);
    int (*KVS_Fence)(void);
} pmi2;

enum { KEY_SIZE = 64, VALUE_SIZE = 1024, PIECE = 480, SOURCE_UNKNOWN = -1 };

/* The library connects once in the life of a process: a job that begins anew goes on with that connection, and with
 * keys of its own. */
static struct {
    bool open, resting;
    unsigned life;
    int rank, size, appnum;
    char id[128];
    int *node_of; /* node of each rank */
} server;

static bool is_present(void)
{
    /* MPICH's mpiexec gives PMI_FD, too, and speaks PMI-1 there. */
    return getenv("PMI_FD") && getenv("PMI_JOBID") && getenv("SLURM_STEP_ID");
}

static int load_library(char *message, size_t len)
{
    static const struct {
        const char *name;
        void *entry;
    } functions[] = {
        {"PMI2_Init", &pmi2.Init},
        {"PMI2_Finalize", &pmi2.Finalize},
        {"PMI2_Abort", &pmi2.Abort},
        {"PMI2_Job_GetId", &pmi2.Job_GetId},
        {"PMI2_Info_GetJobAttr", &pmi2.Info_GetJobAttr},
        {"PMI2_Info_PutNodeAttr", &pmi2.Info_PutNodeAttr},
        {"PMI2_Info_GetNodeAttr", &pmi2.Info_GetNodeAttr},
        {"PMI2_KVS_Put", &pmi2.KVS_Put},
        {"PMI2_KVS_Get", &pmi2.KVS_Get},
        {"PMI2_KVS_Fence", &pmi2.KVS_Fence},
    };
    void *library = dlopen(TRI_PMI2_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; library && i < TRI_COUNT_OF(functions); i++) {
        void *function = dlsym(library, functions[i].name);
        if (!function) {
            library = NULL;
        }
        /* POSIX's way to turn dlsym's object pointer into a function pointer. */
        *(void **)functions[i].entry = function;
    }
    if (!library) {
        snprintf(message, len,
                 "started by srun --mpi=pmi2, for which Slurm's PMI-2 library is missing (%s; on Debian the package "
                 "libpmi2-0): install it on every node, or start with srun --mpi=pmix or with mprun",
                 dlerror());
        return -1;
    }
    return 0;
}

/* Reads "(vector,(FIRST,NODES,EACH),...)": blocks of nodes, each of which takes so many ranks; begun anew until all
 * ranks have a node. Returns 0, or -1 when it is something else. */
static int read_mapping(const char *text)
{
    int rank = 0;
    text = strchr(text, ',');
    for (const char *block = text; block && rank < server.size; block = *block ? block : text) {
        int first, nodes, each, used;
        if (sscanf(block, ",(%d,%d,%d)%n", &first, &nodes, &each, &used) != 3 || nodes < 1 || each < 1) {
            return -1;
        }
        for (int i = 0; i < nodes * each && rank < server.size; i++) {
            server.node_of[rank++] = first + i / each;
        }
        block += used;
        if (*block == ')') {
            block = text;
        }
    }
    return rank == server.size ? 0 : -1;
}

static int learn(char *message, size_t len)
{
    char mapping[VALUE_SIZE];
    int found = 0, spawned;
    if (pmi2.Init(&spawned, &server.size, &server.rank, &server.appnum) ||
        pmi2.Job_GetId(server.id, sizeof server.id)) {
        snprintf(message, len, "Slurm's PMI-2 server does not answer; start with srun --mpi=pmix or with mprun");
        return -1;
    }
    server.node_of = tri_memory_take((size_t)server.size * sizeof *server.node_of);
    if (pmi2.Info_GetJobAttr("PMI_process_mapping", mapping, sizeof mapping, &found) || !found ||
        read_mapping(mapping)) {
        snprintf(message, len,
                 "Slurm's PMI-2 server does not tell which ranks share a node (PMI_process_mapping); "
                 "start with srun --mpi=pmix or with mprun");
        return -1;
    }
    return 0;
}

/* A process that ends without a word makes Slurm end the others. Not while another thread may still wait for a fence.
 */
static _Atomic bool fencing;

static void finalize_at_exit(void)
{
    if (server.resting && !atomic_load_explicit(&fencing, memory_order_relaxed)) {
        pmi2.Finalize();
    }
}

static int open_server(char *message, size_t len)
{
    if (server.open) {
        return 0;
    }
    if (load_library(message, len) || learn(message, len)) {
        return -1;
    }
    server.open = true;
    atexit(finalize_at_exit);
    return 0;
}

static int connect_to_server(struct tri_job *job, char *message, size_t len)
{
    if (open_server(message, len)) {
        return -1;
    }
    server.resting = false;
    job->rank = server.rank;
    job->size = server.size;
    job->appnum = server.appnum;
    job->universe = server.size;
    snprintf(job->name, sizeof job->name, "slurm-%s", server.id);
    job->local = tri_memory_take((size_t)server.size * sizeof *job->local);
    job->local_count = 0;
    for (int rank = 0; rank < server.size; rank++) {
        if (server.node_of[rank] == server.node_of[server.rank]) {
            job->local[job->local_count++] = rank;
        }
    }
    return 0;
}

static void disconnect(void)
{
    server.resting = true;
    server.life++;
}

static const char *name_piece(int rank, const char *key, size_t piece, char name[KEY_SIZE])
{
    snprintf(name, KEY_SIZE, "%d.%s.%u.%zu", rank, key, server.life, piece);
    return name;
}

/* As text, in hexadecimal digits, since the protocol's own separators may not stand in a value; in pieces, since a
 * value may not be long. Only the last piece is shorter than PIECE, and may be empty. */
static int publish(const char *key, const void *bytes, size_t len)
{
    const unsigned char *byte = bytes;
    char name[KEY_SIZE];
    for (size_t piece = 0, done = 0;; piece++) {
        char text[2 * PIECE + 2] = "x"; /* an empty value is none */
        size_t count = TRI_MIN(len - done, (size_t)PIECE);
        for (size_t i = 0; i < count; i++) {
            snprintf(text + 1 + 2 * i, 3, "%02x", byte[done + i]);
        }
        name_piece(server.rank, key, piece, name);
        if (pmi2.Info_PutNodeAttr(name, text) || pmi2.KVS_Put(name, text)) {
            tri_log_error("publishing \"%s\" through PMI-2 failed", key);
            return -1;
        }
        done += count;
        if (count < PIECE) {
            return 0;
        }
    }
}

static int commit(void)
{
    if (pmi2.KVS_Fence()) {
        tri_log_error("publishing through PMI-2 failed");
        return -1;
    }
    return 0;
}

/* Asks for one piece as text. Of a process of this node at once, waiting until it has put it there: the processes of a
 * node meet before all of the job do. Of others after the fence. Returns 0 or -1. */
static int get_piece(int rank, const char *name, char text[VALUE_SIZE])
{
    int found = 1, len, result;
    if (server.node_of[rank] == server.node_of[server.rank]) {
        result = pmi2.Info_GetNodeAttr(name, text, VALUE_SIZE, &found, 1);
    } else {
        result = pmi2.KVS_Get(server.id, SOURCE_UNKNOWN, name, text, VALUE_SIZE, &len);
    }
    return result == 0 && found ? 0 : -1;
}

/* Reads one piece to bytes. Returns its length, or -1. */
static int read_piece(int rank, const char *name, unsigned char *bytes, size_t capacity)
{
    char text[VALUE_SIZE];
    if (get_piece(rank, name, text)) {
        return -1;
    }
    size_t count = strlen(text) / 2;
    for (size_t i = 0; i < count && i < capacity; i++) {
        unsigned value;
        if (sscanf(text + 1 + 2 * i, "%2x", &value) != 1) {
            return -1;
        }
        bytes[i] = (unsigned char)value;
    }
    return count <= capacity ? (int)count : -1;
}

static int lookup(int rank, const char *key, void *bytes, size_t capacity)
{
    size_t done = 0;
    char name[KEY_SIZE];
    for (size_t piece = 0;; piece++) {
        int count =
            read_piece(rank, name_piece(rank, key, piece, name), (unsigned char *)bytes + done, capacity - done);
        if (count < 0) {
            tri_log_error("asking PMI-2 for \"%s\" of rank %d failed", key, rank);
            return -1;
        }
        done += (size_t)count;
        if (count < PIECE) {
            return (int)done;
        }
    }
}

static int node_of(int rank)
{
    return server.node_of[rank];
}

/* The protocol only knows a fence that waits, so that a thread does. */
static void *wait_in_fence(void *argument)
{
    (void)argument;
    pmi2.KVS_Fence();
    /* Release pairs with the acquire in fence_ended: that thread may use the library again. */
    atomic_store_explicit(&fencing, false, memory_order_release);
    return NULL;
}

static int fence_start(void)
{
    pthread_t thread;
    atomic_store_explicit(&fencing, true, memory_order_relaxed);
    if (pthread_create(&thread, NULL, wait_in_fence, NULL)) {
        atomic_store_explicit(&fencing, false, memory_order_relaxed);
        return -1;
    }
    pthread_detach(thread);
    return 0;
}

static bool fence_ended(void)
{
    return !atomic_load_explicit(&fencing, memory_order_acquire);
}

static int psets(char ***names)
{
    *names = NULL;
    return 0; /* the protocol has none */
}

static int pset_members(const char *name, int **ranks)
{
    (void)name, (void)ranks;
    return -1;
}

/* Slurm ends the step with an exit code of its own, and does not show the message. */
static void abort_job(int code, const char *message)
{
    char text[512];
    snprintf(text, sizeof text, "MPI_Abort with code %d%s%s", code, message[0] ? ": " : "", message);
    pmi2.Abort(1, text);
}

const struct tri_launcher tri_launcher_pmi2 = {
    .present = is_present,
    .connect = connect_to_server,
    .disconnect = disconnect,
    .publish = publish,
    .commit = commit,
    .lookup = lookup,
    .node_of = node_of,
    .fence_start = fence_start,
    .fence_ended = fence_ended,
    .psets = psets,
    .pset_members = pset_members,
    .abort = abort_job,
};
