/* test_place_jobs.c: jobs on described machines. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test_place_jobs.h"

static void read_policy(struct job *job, const struct setting *setting)
{
    const struct {
        const char *text;
        char *(*read)(struct tri_policy *policy, const char *text);
    } parts[] = {{setting->map, tri_policy_map_by},
                 {setting->rank, tri_policy_rank_by},
                 {setting->bind, tri_policy_bind_to},
                 {setting->cpus, tri_policy_cpu_list}};

    for (size_t i = 0; i < 4; i++) {
        if (parts[i].text != NULL) {
            assert_null(parts[i].read(&job->options.policy, parts[i].text));
        }
    }
}

struct tri_machine *load(const struct setting *setting)
{
    char *why = NULL;
    struct tri_machine *machine = tri_machine_load(setting->machine, &why);
    struct tri_cpus busy = {0};

    if (machine == NULL) {
        fail_msg("%s", why);
    }
    assert_true(setting->busy == NULL || tri_cpus_parse(&busy, setting->busy));
    for (uint32_t core = 0; core < machine->ncores; core++) {
        machine->cores[core].busy = tri_cpus_has(&busy, core);
    }
    tri_cpus_clear(&busy);
    return machine;
}

void open_job(struct job *job, const struct setting *setting)
{
    struct tri_host_list all = {0};

    *job = (struct job){.request = {.count = setting->count}};
    tri_hosts_add_list(&job->options.hosts, &all,
                       setting->hosts != NULL ? setting->hosts : "node");
    free(all.items);
    read_policy(job, setting);
    job->options.requests = &job->request;
    job->options.nrequests = 1;
    if (setting->threads != NULL) {
        tri_strings_setenv(&job->request.env, "OMP_NUM_THREADS", setting->threads);
    }
    for (size_t i = 0; i < job->options.hosts.count; i++) {
        job->machines[i] = load(setting);
    }
    job->why = tri_place_job(&job->options, job->machines, &job->desc, &job->layout);
}

void close_job(struct job *job)
{
    for (size_t i = 0; i < job->options.hosts.count; i++) {
        tri_machine_free(job->machines[i]);
    }
    tri_layout_clear(&job->layout);
    tri_jobdesc_clear(&job->desc);
    tri_hosts_clear(&job->options.hosts);
    tri_policy_clear(&job->options.policy);
    tri_strings_clear(&job->request.env);
    free(job->why);
}
