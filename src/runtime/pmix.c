/* The launcher as the library sees it, over the PMIx client interface. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "launcher.h"

#include <limits.h>
#include <pmix.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"
#include "object.h"

static pmix_proc_t self;

/* A process may connect again after MPI_Finalize, for sessions. All have gone through that one, so that they count
 * alike, and keys of the next life are not mistaken for those of the last. */
static unsigned life;

static const char *key_now(const char *key, char text[PMIX_MAX_KEYLEN + 1])
{
    snprintf(text, PMIX_MAX_KEYLEN + 1, "%s.%u", key, life);
    return text;
}

static bool is_present(void)
{
    return getenv("PMIX_NAMESPACE") != NULL;
}

/* Job-level information. own asks for what belongs to this very rank. */
static int get_number(const char *key, bool own, uint32_t *number)
{
    pmix_proc_t job = self;
    job.rank = own ? self.rank : PMIX_RANK_WILDCARD;
    pmix_value_t *value;
    pmix_status_t status = PMIx_Get(&job, key, NULL, 0, &value);
    if (status != PMIX_SUCCESS) {
        return -1;
    }
    PMIX_VALUE_GET_NUMBER(status, value, *number, uint32_t);
    PMIX_VALUE_RELEASE(value);
    return status == PMIX_SUCCESS ? 0 : -1;
}

static int compare_ints(const void *left, const void *right)
{
    int a = *(const int *)left, b = *(const int *)right;
    return (a > b) - (a < b);
}

static int get_local(struct tri_job *job)
{
    pmix_proc_t wildcard = self;
    wildcard.rank = PMIX_RANK_WILDCARD;
    pmix_value_t *value;
    if (PMIx_Get(&wildcard, PMIX_LOCAL_PEERS, NULL, 0, &value) != PMIX_SUCCESS) {
        return -1;
    }
    int count = 0;
    if (value->type == PMIX_STRING && value->data.string) {
        size_t most = strlen(value->data.string) / 2 + 1;
        job->local = malloc(most * sizeof *job->local);
        char *rest;
        for (char *word = strtok_r(value->data.string, ",", &rest); job->local && word;
             word = strtok_r(NULL, ",", &rest)) {
            job->local[count++] = atoi(word);
        }
    }
    PMIX_VALUE_RELEASE(value);
    if (count == 0) {
        return -1;
    }
    qsort(job->local, (size_t)count, sizeof *job->local, compare_ints);
    job->local_count = count;
    return 0;
}

static int connect_to_server(struct tri_job *job, char *message, size_t len)
{
    pmix_status_t status = PMIx_Init(&self, NULL, 0);
    if (status != PMIX_SUCCESS) {
        snprintf(message, len,
                 "the launcher's PMIx server does not answer (%s); start the program with mprun, or with a launcher "
                 "that speaks PMIx 4 or later, or alone with PMIX_NAMESPACE unset",
                 PMIx_Error_string(status));
        return -1;
    }
    uint32_t number;
    job->rank = (int)self.rank;
    if (get_number(PMIX_JOB_SIZE, false, &number) || get_local(job)) {
        snprintf(message, len,
                 "the launcher does not tell the job's size and local ranks (PMIX_JOB_SIZE, "
                 "PMIX_LOCAL_PEERS); start the program with mprun");
        PMIx_Finalize(NULL, 0);
        return -1;
    }
    job->size = (int)number;
    job->appnum = get_number(PMIX_APPNUM, true, &number) ? 0 : (int)number;
    job->universe = get_number(PMIX_UNIV_SIZE, false, &number) ? job->size : TRI_MAX(job->size, (int)number);
    snprintf(job->name, sizeof job->name, "%s", self.nspace);
    return 0;
}

/* The names of the nodes met so far: the place of a name is its node's number. */
static struct {
    int count, last; /* last: that of the latest question; ranks mostly come in blocks */
    char **names;
} nodes;

static int number_of_node(const char *name)
{
    if (nodes.count && strcmp(nodes.names[nodes.last], name) == 0) {
        return nodes.last;
    }
    for (nodes.last = 0; nodes.last < nodes.count; nodes.last++) {
        if (strcmp(nodes.names[nodes.last], name) == 0) {
            return nodes.last;
        }
    }
    nodes.names = tri_memory_grow(nodes.names, (size_t)(nodes.count + 1) * sizeof *nodes.names);
    nodes.names[nodes.count] = strdup(name);
    return nodes.count++;
}

static void forget_nodes(void)
{
    for (int i = 0; i < nodes.count; i++) {
        free(nodes.names[i]);
    }
    free(nodes.names);
    nodes.names = NULL;
    nodes.count = nodes.last = 0;
}

/* What the launcher told of a process at the start, or NULL; to be released. */
static pmix_value_t *told_of(int rank, const char *key)
{
    pmix_proc_t process = self;
    pmix_value_t *value = NULL;
    pmix_info_t optional;
    process.rank = (pmix_rank_t)rank;
    PMIX_INFO_LOAD(&optional, PMIX_OPTIONAL, NULL, PMIX_BOOL);
    pmix_status_t status = PMIx_Get(&process, key, &optional, 1, &value);
    PMIX_INFO_DESTRUCT(&optional);
    if (status == PMIX_SUCCESS && (value->type != PMIX_STRING || !value->data.string)) {
        PMIX_VALUE_RELEASE(value);
        value = NULL;
    }
    return status == PMIX_SUCCESS ? value : NULL;
}

/* By name: PMIX_NODEID of a rank on another node is not found by libpmix 4.2, although the launcher has told it. */
static int node_of(int rank)
{
    pmix_value_t *name = told_of(rank, PMIX_HOSTNAME);
    if (!name) {
        return -1;
    }
    int node = number_of_node(name->data.string);
    PMIX_VALUE_RELEASE(name);
    return node;
}

static void locality(int rank, int numbers[TRI_LOCALITY_LEVELS])
{
    pmix_value_t *told = told_of(rank, PMIX_LOCALITY_STRING);
    tri_locality_parse(told ? told->data.string : "", numbers);
    if (told) {
        PMIX_VALUE_RELEASE(told);
    }
}

static int publish(const char *key, const void *bytes, size_t len)
{
    pmix_value_t value = {.type = PMIX_BYTE_OBJECT};
    value.data.bo.bytes = (char *)(uintptr_t)bytes;
    value.data.bo.size = len;
    char text[PMIX_MAX_KEYLEN + 1];
    pmix_status_t status = PMIx_Put(PMIX_GLOBAL, key_now(key, text), &value);
    if (status != PMIX_SUCCESS) {
        tri_log_error("publishing \"%s\" through PMIx failed: %s", key, PMIx_Error_string(status));
        return -1;
    }
    return 0;
}

static int commit(void)
{
    pmix_status_t status = PMIx_Commit();
    if (status != PMIX_SUCCESS) {
        tri_log_error("publishing through PMIx failed: %s", PMIx_Error_string(status));
        return -1;
    }
    return 0;
}

/* Some servers (Open MPI's) do not wait for a process of this node that has published nothing yet: then we ask again.
 * In a later life the server may also have what the process published in an earlier one, and think that this is all:
 * for a process elsewhere it must refresh what it has, one of this node it finds without that only. */
static pmix_status_t get(const pmix_proc_t *peer, const char *key, pmix_value_t **value)
{
    enum { TRIES = 3000, PAUSE_NS = 10000000 };
    char text[PMIX_MAX_KEYLEN + 1];
    /* A process may come as late as it likes; the server's own patience with one of this node ends after two seconds.
     */
    uint32_t patience = life ? 1 : 86400;
    bool yes = true;
    pmix_info_t info[2];
    PMIX_INFO_LOAD(&info[0], PMIX_TIMEOUT, &patience, PMIX_UINT32);
    PMIX_INFO_LOAD(&info[1], PMIX_GET_REFRESH_CACHE, &yes, PMIX_BOOL);
    pmix_status_t status = PMIx_Get(peer, key_now(key, text), info, 1, value);
    for (int i = 0; i < TRIES && (life ? status != PMIX_SUCCESS : status == PMIX_ERR_NOT_FOUND); i++) {
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
        status = PMIx_Get(peer, text, info, life && i % 2 == 0 ? 2 : 1, value);
    }
    return status;
}

static int lookup(int rank, const char *key, void *bytes, size_t capacity)
{
    pmix_proc_t peer = self;
    peer.rank = (pmix_rank_t)rank;
    pmix_value_t *value;
    pmix_status_t status = get(&peer, key, &value);
    if (status != PMIX_SUCCESS) {
        tri_log_error("asking PMIx for \"%s\" of rank %d failed: %s", key, rank, PMIx_Error_string(status));
        return -1;
    }
    int len = -1;
    if (value->type == PMIX_BYTE_OBJECT && value->data.bo.size <= capacity) {
        memcpy(bytes, value->data.bo.bytes, value->data.bo.size);
        len = (int)value->data.bo.size;
    } else {
        tri_log_error("\"%s\" of rank %d has an unexpected type or length", key, rank);
    }
    PMIX_VALUE_RELEASE(value);
    return len;
}

static _Atomic bool fenced;

/* On PMIx's thread. The server ends a fence without a process that has taken leave meanwhile: it may be between two
 * lives, and come to the next fence. */
static void fence_done(pmix_status_t status, void *argument)
{
    (void)argument;
    if (status == PMIX_ERR_PARTIAL_SUCCESS && PMIx_Fence_nb(NULL, 0, NULL, 0, fence_done, NULL) == PMIX_SUCCESS) {
        return;
    }
    /* Release pairs with the acquire in fence_ended; nothing but the flag is passed on. */
    atomic_store_explicit(&fenced, true, memory_order_release);
}

static int fence_start(void)
{
    atomic_store_explicit(&fenced, false, memory_order_relaxed);
    return PMIx_Fence_nb(NULL, 0, NULL, 0, fence_done, NULL) == PMIX_SUCCESS ? 0 : -1;
}

static bool fence_ended(void)
{
    return atomic_load_explicit(&fenced, memory_order_acquire);
}

/* Asks the launcher a question with one answer, about what when that is not NULL. Returns 0 or -1; *value is the
 * caller's. */
static int ask(const char *key, const char *what, pmix_value_t *value)
{
    pmix_query_t query;
    pmix_info_t *answers = NULL;
    size_t count = 0;
    PMIX_QUERY_CONSTRUCT(&query);
    pmix_status_t status;
    PMIX_ARGV_APPEND(status, query.keys, key);
    if (status == PMIX_SUCCESS && what) {
        PMIX_QUERY_QUALIFIERS_CREATE(&query, 1);
        PMIX_INFO_LOAD(&query.qualifiers[0], PMIX_PSET_NAME, what, PMIX_STRING);
    }
    int result = -1;
    if (PMIx_Query_info(&query, 1, &answers, &count) == PMIX_SUCCESS && count > 0) {
        PMIX_VALUE_XFER(status, value, &answers[0].value);
        result = status == PMIX_SUCCESS ? 0 : -1;
    }
    PMIX_INFO_FREE(answers, count);
    PMIX_QUERY_DESTRUCT(&query);
    return result;
}

static int psets(char ***names)
{
    pmix_value_t value = {.type = PMIX_UNDEF};
    int count = 0;
    *names = NULL;
    if (ask(PMIX_QUERY_PSET_NAMES, NULL, &value)) {
        return 0;
    }
    char *rest, *list = value.type == PMIX_STRING ? value.data.string : NULL;
    for (char *name = list ? strtok_r(list, ",", &rest) : NULL; name; name = strtok_r(NULL, ",", &rest)) {
        *names = tri_memory_grow(*names, (size_t)(count + 1) * sizeof **names);
        (*names)[count++] = strdup(name);
    }
    PMIX_VALUE_DESTRUCT(&value);
    return count;
}

static int pset_members(const char *name, int **ranks)
{
    pmix_value_t value = {.type = PMIX_UNDEF};
    int count = -1;
    if (ask(PMIX_QUERY_PSET_MEMBERSHIP, name, &value)) {
        return -1;
    }
    if (value.type == PMIX_DATA_ARRAY && value.data.darray->type == PMIX_PROC) {
        const pmix_proc_t *members = value.data.darray->array;
        count = (int)value.data.darray->size;
        *ranks = tri_memory_take((size_t)TRI_MAX(count, 1) * sizeof **ranks);
        for (int i = 0; i < count; i++) {
            (*ranks)[i] = (int)members[i].rank;
        }
        qsort(*ranks, (size_t)count, sizeof **ranks, compare_ints);
    }
    PMIX_VALUE_DESTRUCT(&value);
    return count;
}

static void abort_job(int code, const char *message)
{
    PMIx_Abort(code, message, NULL, 0);
}

static void disconnect(void)
{
    PMIx_Finalize(NULL, 0);
    forget_nodes();
    life++;
}

const struct tri_launcher tri_launcher_pmix = {
    .present = is_present,
    .connect = connect_to_server,
    .disconnect = disconnect,
    .publish = publish,
    .commit = commit,
    .lookup = lookup,
    .node_of = node_of,
    .locality = locality,
    .fence_start = fence_start,
    .fence_ended = fence_ended,
    .psets = psets,
    .pset_members = pset_members,
    .abort = abort_job,
};
