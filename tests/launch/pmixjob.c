/* pmixjob.c: a small PMIx program that exercises what mprun's server must do. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pmix.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pmix_proc_t self;
static uint32_t size;

static _Noreturn void fail(const char *what, int status)
{
    printf("rank %u: FAILED: %s (%d)\n", self.rank, what, status);
    exit(1);
}

static void check(const char *what, int status)
{
    if (status != PMIX_SUCCESS) {
        fail(what, status);
    }
}

static pmix_value_t *get(pmix_rank_t rank, const char *key)
{
    pmix_proc_t proc = self;
    pmix_value_t *value = NULL;

    proc.rank = rank;
    check(key, PMIx_Get(&proc, key, NULL, 0, &value));
    return value;
}

static uint32_t get_number(pmix_rank_t rank, const char *key)
{
    pmix_value_t *value = get(rank, key);
    uint32_t number = 0;
    int status;

    PMIX_VALUE_GET_NUMBER(status, value, number, uint32_t);
    check(key, status);
    PMIX_VALUE_RELEASE(value);
    return number;
}

static char *get_text(pmix_rank_t rank, const char *key)
{
    pmix_value_t *value = get(rank, key);

    if (value->type != PMIX_STRING) {
        fail(key, value->type);
    }
    return value->data.string;
}

static void publish(void)
{
    pmix_value_t value = {.type = PMIX_UINT32};

    value.data.uint32 = 1000 + self.rank;
    check("put", PMIx_Put(PMIX_GLOBAL, "token", &value));
    check("commit", PMIx_Commit());
}

static void fence(bool collect)
{
    pmix_info_t info;

    memset(&info, 0, sizeof info);
    PMIX_INFO_LOAD(&info, PMIX_COLLECT_DATA, &collect, PMIX_BOOL);
    check("fence", PMIx_Fence(NULL, 0, &info, 1));
}

static void check_tokens(void)
{
    for (uint32_t rank = 0; rank < size; rank++) {
        uint32_t token = get_number(rank, "token");

        if (token != 1000 + rank) {
            fail("another rank's token", (int)token);
        }
    }
}

/* Prints what the launcher says about this rank. */
static void describe(void)
{
    printf("rank %u size %u universe %u local %u of %u peers %s app %u of %u host %s cores %s\n",
           self.rank, size, get_number(PMIX_RANK_WILDCARD, PMIX_UNIV_SIZE),
           get_number(self.rank, PMIX_LOCAL_RANK), get_number(PMIX_RANK_WILDCARD, PMIX_LOCAL_SIZE),
           get_text(PMIX_RANK_WILDCARD, PMIX_LOCAL_PEERS), get_number(self.rank, PMIX_APPNUM),
           get_number(PMIX_RANK_WILDCARD, PMIX_JOB_NUM_APPS), get_text(self.rank, PMIX_HOSTNAME),
           getenv("TRIREME_JOB_CORES"));
}

/* Prints what it says about where this rank and its neighbour are bound. */
static void locate(void)
{
    for (uint32_t i = 0; i < 2; i++) {
        pmix_proc_t proc = self;
        pmix_value_t *value;

        proc.rank = (self.rank + i) % size;
        int status = PMIx_Get(&proc, PMIX_LOCALITY_STRING, NULL, 0, &value);

        printf("rank %u of rank %u: %s\n", self.rank, proc.rank,
               status == PMIX_SUCCESS ? value->data.string : "nothing");
    }
}

/* What the launcher answers, or an empty value. */
static pmix_value_t ask(const char *key, const char *set)
{
    pmix_query_t query;
    pmix_info_t *answers = NULL;
    size_t count = 0;
    pmix_value_t value = {.type = PMIX_UNDEF}, *to = &value; /* the macro wants a variable */
    pmix_status_t status;

    PMIX_QUERY_CONSTRUCT(&query);
    PMIX_ARGV_APPEND(status, query.keys, key);
    if (set != NULL) {
        PMIX_QUERY_QUALIFIERS_CREATE(&query, 1);
        PMIX_INFO_LOAD(&query.qualifiers[0], PMIX_PSET_NAME, set, PMIX_STRING);
    }
    if (PMIx_Query_info(&query, 1, &answers, &count) == PMIX_SUCCESS && count == 1) {
        PMIX_VALUE_XFER(status, to, &answers[0].value);
    }
    check("query", status);
    PMIX_INFO_FREE(answers, count);
    PMIX_QUERY_DESTRUCT(&query);
    return value;
}

/* Prints the process sets and their members. */
static void list_sets(void)
{
    pmix_value_t names = ask(PMIX_QUERY_PSET_NAMES, NULL);
    char *rest, *list = names.type == PMIX_STRING ? names.data.string : NULL;

    printf("rank %u sets", self.rank);
    for (char *set = list != NULL ? strtok_r(list, ",", &rest) : NULL; set != NULL;
         set = strtok_r(NULL, ",", &rest)) {
        pmix_value_t members = ask(PMIX_QUERY_PSET_MEMBERSHIP, set);

        printf(" %s:", set);
        for (size_t i = 0; members.type == PMIX_DATA_ARRAY && i < members.data.darray->size; i++) {
            printf("%u", ((pmix_proc_t *)members.data.darray->array)[i].rank);
        }
        PMIX_VALUE_DESTRUCT(&members);
    }
    printf("\n");
    PMIX_VALUE_DESTRUCT(&names);
}

/* Fences of overlapping groups, one after the other: even ranks, then the first two, then all. */
static void fence_groups(void)
{
    pmix_proc_t group[64];
    size_t count = 0;

    for (uint32_t rank = 0; rank < size && count < 64; rank += 2) {
        PMIX_LOAD_PROCID(&group[count], self.nspace, rank);
        count++; /* the macro names its argument more than once */
    }
    for (int turn = 0; turn < 20 && self.rank % 2 == 0; turn++) {
        check("group fence", PMIx_Fence(group, count, NULL, 0));
    }
    PMIX_LOAD_PROCID(&group[0], self.nspace, 0);
    PMIX_LOAD_PROCID(&group[1], self.nspace, size - 1);
    for (int turn = 0; turn < 20 && size > 1 && (self.rank == 0 || self.rank == size - 1); turn++) {
        check("pair fence", PMIx_Fence(group, 2, NULL, 0));
    }
    for (int turn = 0; turn < 20; turn++) {
        fence(false);
    }
}

/* The last rank leaves before rank 0 asks for what it published. */
static void ask_late(void)
{
    publish();
    fence(false);
    if (self.rank == 0) {
        usleep(300 * 1000);
        check_tokens();
    }
}

/* How the given rank ends; the others wait for something that never comes. */
static void end_badly(const char *how, uint32_t who)
{
    fence(false);
    if (self.rank != who) {
        sleep(60);
    } else if (strcmp(how, "abort") == 0) {
        PMIx_Abort(7, "the end is near", NULL, 0);
        sleep(60);
    } else if (strncmp(how, "exit", 4) == 0) {
        _exit(atoi(how + 4));
    } else if (strncmp(how, "signal", 6) == 0) {
        kill(getpid(), atoi(how + 6));
    }
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";

    check("init", PMIx_Init(&self, NULL, 0));
    size = get_number(PMIX_RANK_WILDCARD, PMIX_JOB_SIZE);
    if (strcmp(what, "describe") == 0) {
        describe();
    } else if (strcmp(what, "modex") == 0) {
        publish();
        fence(false);
        check_tokens();
    } else if (strcmp(what, "collect") == 0) {
        publish();
        fence(true);
        check_tokens();
    } else if (strcmp(what, "unfenced") == 0) {
        publish();
        check_tokens(); /* waits for each token to appear */
        fence(false);
    } else if (strcmp(what, "locate") == 0) {
        locate();
    } else if (strcmp(what, "sets") == 0) {
        list_sets();
    } else if (strcmp(what, "groups") == 0) {
        fence_groups();
    } else if (strcmp(what, "late") == 0) {
        ask_late();
    } else if (strcmp(what, "end") == 0 && argc == 4) {
        end_badly(argv[2], (uint32_t)atoi(argv[3]));
    } else if (strcmp(what, "code") == 0 && argc == 3) {
        check("finalize", PMIx_Finalize(NULL, 0));
        return self.rank == 1 ? atoi(argv[2]) : 0;
    }
    check("finalize", PMIx_Finalize(NULL, 0));
    return 0;
}
