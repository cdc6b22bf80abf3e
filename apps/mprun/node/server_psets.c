/* server_psets.c: answers what ranks ask about process sets (--pset); PMIx leaves that to its host. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "server_psets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct tri_jobdesc *job;

void tri_server_describe_psets(const struct tri_jobdesc *desc)
{
    job = desc;
}

/* Programs with the same name are one set. */
static bool is_first_of_set(uint32_t app)
{
    for (uint32_t i = 0; i < app; i++) {
        if (strcmp(job->apps[i].pset, job->apps[app].pset) == 0) {
            return false;
        }
    }
    return job->apps[app].pset[0] != '\0';
}

/* "ocean,ice" */
static void answer_names(pmix_info_t *answer)
{
    char *names = tri_copy("");

    for (uint32_t i = 0; i < job->napps; i++) {
        if (is_first_of_set(i)) {
            char *more = tri_format("%s%s%s", names, names[0] ? "," : "", job->apps[i].pset);

            free(names);
            names = more;
        }
    }
    PMIX_INFO_LOAD(answer, PMIX_QUERY_PSET_NAMES, names, PMIX_STRING);
    free(names);
}

static void answer_members(pmix_info_t *answer, const char *name)
{
    pmix_proc_t *members;
    size_t count = 0;

    PMIX_PROC_CREATE(members, job->nranks);
    for (uint32_t rank = 0; rank < job->nranks; rank++) {
        if (strcmp(job->apps[tri_jobdesc_app_of(job, rank)].pset, name) == 0) {
            PMIX_LOAD_PROCID(&members[count], job->nspace, rank);
            count++;
        }
    }
    pmix_data_array_t array = {.type = PMIX_PROC, .size = count, .array = members};

    PMIX_INFO_LOAD(answer, PMIX_QUERY_PSET_MEMBERSHIP, &array, PMIX_DATA_ARRAY);
    PMIX_PROC_FREE(members, job->nranks);
}

static const char *name_asked_for(const pmix_query_t *query)
{
    for (size_t i = 0; i < query->nqual; i++) {
        if (PMIX_CHECK_KEY(&query->qualifiers[i], PMIX_PSET_NAME) &&
            query->qualifiers[i].value.type == PMIX_STRING) {
            return query->qualifiers[i].value.data.string;
        }
    }
    return NULL;
}

/* Whether the key is one that we know. */
static bool answer(pmix_info_t *info, const pmix_query_t *query, const char *key)
{
    const char *name = name_asked_for(query);

    if (strcmp(key, PMIX_QUERY_PSET_NAMES) == 0) {
        answer_names(info);
        return true;
    }
    if (strcmp(key, PMIX_QUERY_PSET_MEMBERSHIP) == 0 && name != NULL && name[0] != '\0') {
        answer_members(info, name);
        return true;
    }
    return false;
}

struct answers {
    pmix_info_t *infos;
    size_t count;
};

static void release(void *cookie)
{
    struct answers *answers = cookie;

    PMIX_INFO_FREE(answers->infos, answers->count);
    free(answers);
}

pmix_status_t tri_server_on_query(pmix_proc_t *asking, pmix_query_t *queries, size_t count,
                                  pmix_info_cbfunc_t done, void *cookie)
{
    (void)asking;
    /* Our own library asks one question at a time. */
    if (count != 1 || queries[0].keys == NULL || queries[0].keys[0] == NULL) {
        return PMIX_ERR_NOT_SUPPORTED;
    }
    struct answers *answers = tri_alloc(1, sizeof *answers);

    PMIX_INFO_CREATE(answers->infos, 1);
    answers->count = 1;
    if (!answer(&answers->infos[0], &queries[0], queries[0].keys[0])) {
        release(answers);
        return PMIX_ERR_NOT_SUPPORTED;
    }
    done(PMIX_SUCCESS, answers->infos, 1, cookie, release, answers);
    return PMIX_SUCCESS;
}
