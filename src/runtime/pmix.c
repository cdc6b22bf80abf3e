/* The launcher as the library sees it, over the PMIx client interface. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pmix.h"

#include <pmix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

static pmix_proc_t self;

bool tri_pmix_present(void)
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

int tri_pmix_connect(struct tri_job *job, char *message, size_t len)
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
        snprintf(message, len, "the launcher does not tell the job's size and local ranks (PMIX_JOB_SIZE, "
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

int tri_pmix_publish(const char *key, const void *bytes, size_t len)
{
    pmix_value_t value = {.type = PMIX_BYTE_OBJECT};
    value.data.bo.bytes = (char *)(uintptr_t)bytes;
    value.data.bo.size = len;
    pmix_status_t status = PMIx_Put(PMIX_GLOBAL, key, &value);
    if (status != PMIX_SUCCESS) {
        tri_log_error("publishing \"%s\" through PMIx failed: %s", key, PMIx_Error_string(status));
        return -1;
    }
    return 0;
}

int tri_pmix_commit(void)
{
    pmix_status_t status = PMIx_Commit();
    if (status != PMIX_SUCCESS) {
        tri_log_error("publishing through PMIx failed: %s", PMIx_Error_string(status));
        return -1;
    }
    return 0;
}

int tri_pmix_lookup(int rank, const char *key, void *bytes, size_t capacity)
{
    pmix_proc_t peer = self;
    peer.rank = (pmix_rank_t)rank;
    pmix_value_t *value;
    pmix_status_t status = PMIx_Get(&peer, key, NULL, 0, &value);
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

int tri_pmix_fence(void)
{
    return PMIx_Fence(NULL, 0, NULL, 0) == PMIX_SUCCESS ? 0 : -1;
}

void tri_pmix_abort(int code, const char *message)
{
    PMIx_Abort(code, message, NULL, 0);
}

void tri_pmix_disconnect(void)
{
    PMIx_Finalize(NULL, 0);
}
