/* test-place.c: where ranks go, on recorded and described machines. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "test_place_jobs.h"

/* "0-1 2-3": what each rank is bound to; with several hosts "a:0-1 b:0-1"; "=REASON" before it
 * when the first node's ranks are not bound; "!LINE" for an error. */
static char *describe(const struct job *job)
{
    char *text = job->why != NULL ? tri_format("!%s", job->why) : tri_copy("");

    if (job->why == NULL && job->layout.unbound[0] != NULL) {
        free(text);
        text = tri_format("=%s:", job->layout.unbound[0]);
    }
    for (uint32_t rank = 0; rank < job->layout.nranks && job->why == NULL; rank++) {
        const struct tri_seat *seat = &job->layout.seats[rank];
        const char *name = job->options.hosts.items[seat->node].name;
        char *cpus = tri_cpus_format(&seat->cpus);
        char *longer = job->options.hosts.count > 1
                           ? tri_format("%s%s%c:%s", text, rank > 0 ? " " : "", name[0], cpus)
                           : tri_format("%s%s%s", text, rank > 0 ? " " : "", cpus);

        assert_int_equal(seat->node, job->desc.node_of[rank]);
        free(cpus);
        free(text);
        text = longer;
    }
    return text;
}

struct row {
    struct setting setting;
    const char *wanted; /* of an error or a reason: its beginning and, after "...", its end */
};

static const struct row rows[] = {
    /* Mapping */
    {{BIG, .count = 3}, "0-1 2-3 4-5"},
    {{BIG, .count = 3, .map = "core"}, "0-1 2-3 4-5"},
    {{BIG, .count = 3, .map = "l3"}, "0-1 8-9 16-17"},
    {{BIG, .count = 3, .map = "numa"}, "0-1 16-17 32-33"},
    {{BIG, .count = 9, .map = "numa"},
     "0-1 16-17 32-33 48-49 64-65 80-81 96-97 112-113 2-3"},
    {{BIG, .count = 4, .map = "package"}, "0-1 64-65 2-3 66-67"},
    {{BIG, .count = 4, .map = "socket"}, "0-1 64-65 2-3 66-67"},
    {{BIG, .count = 3, .map = "node"}, "0-1 2-3 4-5"},
    {{BIG, .count = 3, .map = "hwthread"}, "0 1 2"},
    {{.machine = SMALL}, "0 1 2 3"},
    {{SMALL, .hosts = "a:2,b:2", .count = 4}, "a:0 a:1 b:0 b:1"},
    {{SMALL, .hosts = "a:2,b:2", .count = 4, .map = "node"}, "a:0 b:0 a:1 b:1"},
    {{SMALL, .hosts = "a:1,b:3", .count = 4, .map = "node"}, "a:0 b:0 b:1 b:2"},
    {{SMALL, .hosts = "a:1,b:1", .count = 5, .map = "node"}, "a:0 b:0 a:1 b:1 a:2"},
    {{SMALL, .hosts = "a,b", .count = 0, .map = "package"}, "a:0 a:2 a:1 a:3 b:0 b:2 b:1 b:3"},
    {{SMALL, .count = 2, .map = "l3"},
     "!option --map-by l3: node node has no L3 cache; it has node, package, numa, core, hwthread"},
    /* So many for each object */
    {{UNEVEN, .map = "ppr:1:l3"}, "0-1 8-9 16-17 24"},
    {{BIG, .map = "ppr:1:l3", .cpus = "0-3,8"}, "0-1 8"},
    {{UNEVEN, .map = "ppr:2:package"}, "0-1 2-3 16-17 18-19"},
    {{UNEVEN, .count = 3, .map = "ppr:2:package"}, "0-1 2-3 16-17"},
    {{SMALL, .hosts = "a:1,b:1", .count = 0, .map = "ppr:1:package"}, "a:0 a:2 b:0 b:2"},
    {{SMALL, .hosts = "a:1,b:1", .count = 4, .map = "ppr:3:node"}, "a:0 a:1 a:2 b:0"},
    {{"core:2 pu:2", .map = "ppr:2:core"}, "0 1 2 3"},
    {{BIG, .count = 5, .map = "ppr:2:package"},
     "!option --map-by ppr:2:package: there is room for 4 ranks...larger number in ppr"},
    {{SMALL, .map = "ppr:2:l3"}, "!option --map-by ppr:2:l3: node node has no L3 cache...thread"},
    /* Several cores a rank */
    {{BIG, .count = 3, .map = "numa:pe=4"}, "0-7 16-23 32-39"},
    {{BIG, .count = 3, .map = "slot:pe=3"}, "0-5 8-13 16-21"},
    {{BIG, .count = 2, .map = "slot:pe=8"}, "0-15 16-31"},
    {{BIG, .count = 3, .map = "core:PE=2"}, "0-3 4-7 8-11"},
    {{BIG, .map = "package:pe=32"}, "0-63 64-127"},
    {{BIG, .count = 2, .map = "ppr:1:package:pe=2"}, "0-3 64-67"},
    {{BIG, .count = 2, .map = "slot:pe=2", .bind = "hwthread"}, "0-1 2-3"},
    {{BIG, .count = 2, .map = "numa:pe=9"}, "!option --map-by numa:pe=9: 2 ranks on node node want "
     "9 cores each, but there is room for 0 of them (64 cores in all)...a smaller pe"},
    {{SMALL, .map = "slot:pe=5"}, "!option --map-by slot:pe=5: node node has 4 cores, too few...pe"},
    {{EIGHT, .count = 2, .threads = "3,2"}, "0-2 3-5"},
    {{EIGHT, .count = 4, .threads = "4"}, "0-1 2-3 4-5 6-7"},
    {{EIGHT, .count = 8, .threads = "4"}, "0 1 2 3 4 5 6 7"},
    {{EIGHT, .count = 1, .map = "slot:pe=2", .threads = "4"}, "0-1"},
    {{BIG, .count = 2, .map = "numa", .threads = "4"}, "0-7 16-23"},
    /* The order of ranks */
    {{SMALL, .rank = "package"}, "0 2 1 3"},
    {{SMALL, .map = "package", .rank = "slot"}, "0 1 2 3"},
    {{SMALL, .map = "package", .rank = "core"}, "0 1 2 3"},
    {{BIG, .count = 4, .map = "numa", .rank = "package"}, "0-1 16-17 32-33 48-49"},
    {{BIG, .count = 6, .map = "numa", .rank = "package"}, "0-1 64-65 16-17 80-81 32-33 48-49"},
    {{SMALL, .hosts = "a:2,b:2", .count = 4, .rank = "node"}, "a:0 b:0 a:1 b:1"},
    {{SMALL, .hosts = "a:2,b:2", .count = 4, .map = "node", .rank = "slot"}, "a:0 a:1 b:0 b:1"},
    {{SMALL, .hosts = "a:4,b:4", .count = 8, .map = "package", .rank = "node"}, "a:0 b:0 a:2 b:2 a:1 b:1 a:3 b:3"},
    {{SMALL, .rank = "l3"}, "!option --rank-by l3: node node has no L3 cache...hwthread"},
    /* Binding */
    {{BIG, .count = 3, .bind = "core"}, "0-1 2-3 4-5"},
    {{BIG, .count = 3, .bind = "hwthread"}, "0 1 2"},
    {{BIG, .count = 3, .map = "core", .bind = "hwthread"}, "0 2 4"},
    {{"core:2 pu:2", .map = "core", .bind = "hwthread"}, "0 2 1 3"},
    {{BIG, .count = 5, .bind = "l3"}, "0-7 0-7 0-7 0-7 8-15"},
    {{BIG, .count = 3, .map = "numa", .bind = "numa"}, "0-15 16-31 32-47"},
    {{BIG, .count = 3, .map = "package", .bind = "package"}, "0-63 64-127 0-63"},
    {{SMALL, .count = 6, .map = "package", .bind = "package"}, "0-1 2-3 0-1 2-3 0-1 2-3"},
    {{SMALL, .count = 2, .bind = "none"}, "=not bound: "},
    {{SMALL, .count = 5}, "=not bound (more ranks than cores):    "},
    {{SMALL, .count = 5, .bind = "core"}, "!option --bind-to core: 5 ranks on node node want 1 core "
     "each, but there is room for 4 of them (4 cores in all); use fewer ranks...--bind-to none"},
    {{SMALL, .count = 1, .bind = "l3"}, "!option --bind-to l3: node node has no L3 cache...hwthread"},
    /* Restricted to a list */
    {{BIG, .count = 3, .cpus = "0-3,16"}, "0-1 2-3 16"},
    {{BIG, .cpus = "5,40-43"}, "5 40-41 42-43"},
    {{BIG, .count = 2, .cpus = "0-2,16", .map = "numa", .bind = "numa"}, "0-2 16"},
    {{SMALL, .count = 3, .cpus = "1-2"}, "=not bound (more ranks than cores):1-2 1-2 1-2"},
    {{SMALL, .count = 1, .cpus = "1-2", .bind = "none"}, "=not bound:1-2"},
    {{SMALL, .count = 1, .cpus = "3-9"}, "!option --cpu-list 3-9: cpu 4 is not one that this job "
     "may use on node node; it may use 0-3"},
    /* Near a device */
    {{DEVICE, .count = 7, .map = "dist"}, "4 5 6 7 2 3 0"},
    {{DEVICE, .count = 3, .map = "dist:eth4"}, "4 5 6"},
    {{DEVICE, .count = 2, .map = "dist:pe=2"}, "4-5 6-7"},
    {{DEVICE, .count = 3, .map = "dist:ib0"},
     "!option --map-by dist:ib0: on node node there is no device ib0 (it has eth4)...numa"},
    {{SMALL, .count = 3, .map = "dist"},
     "!option --map-by dist: on node node there is no network device (it has no devices)...numa"},
    /* Machines that are not so even */
    {{UNEVEN, .count = 10, .map = "numa"},
     "0-1 8-9 16-17 24 2-3 10-11 18-19 4-5 12-13 20-21"},
    {{UNEVEN, .count = 5, .map = "numa", .bind = "numa"}, "0-7 8-15 16-21 24 0-7"},
    {{UNEVEN, .map = "numa:pe=3", .count = 3}, "0-5 8-13 16-21"},
    {{UNEVEN, .map = "numa:pe=3", .count = 4}, "!option --map-by numa:pe=3: 4 ranks...smaller pe"},
    {{.machine = CUT}, "0-1 2 14-15 16-17 20-21 22-23"},
    {{CUT, .count = 4, .map = "numa"}, "0-1 14-15 16-17 2"},
    {{CUT, .count = 2, .map = "package", .bind = "package"}, "0-2,14-15 16-17,20-23"},
    {{CUT, .count = 7}, "=not bound (more ranks than cores):      "},
    {{HYBRID, .count = 5}, "8-9 10-11 12-13 14-15 0"},
    {{HYBRID, .count = 3, .map = "l3"}, "8-9 0 10-11"},
    {{HYBRID, .map = "slot:pe=4"}, "8-15 0,2,4,6"},
    {{HYBRID, .count = 2, .map = "slot", .rank = "slot", .bind = "l3"}, "8-15 8-15"},
    /* Beside other jobs */
    {{SMALL, .count = 2, .busy = "0"}, "1 2"},
    {{SMALL, .count = 2, .map = "package", .busy = "0-1"}, "2 3"},
    {{SMALL, .count = 1, .bind = "package", .busy = "0"}, "1"},
    {{SMALL, .count = 2, .busy = "0-2"}, "=not bound (another job has the cores): "},
    {{SMALL, .count = 2, .bind = "core", .busy = "0-2"}, "=not bound (another job has the cores): "},
    {{SMALL, .count = 2, .bind = "package", .busy = "0-3"},
     "=not bound (another job has the cores): "},
};

static bool fits(const char *got, const char *wanted)
{
    const char *dots = strstr(wanted, "...");

    if (dots == NULL) {
        return strcmp(got, wanted) == 0;
    }
    size_t head = (size_t)(dots - wanted), tail = strlen(dots + 3), len = strlen(got);

    return len >= head + tail && strncmp(got, wanted, head) == 0 &&
           strcmp(got + len - tail, dots + 3) == 0;
}

static void test_policies(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct job job;

        open_job(&job, &rows[i].setting);
        char *got = describe(&job);

        if (!fits(got, rows[i].wanted)) {
            fail_msg("row %zu: wanted \"%s\", got \"%s\"", i, rows[i].wanted, got);
        }
        free(got);
        close_job(&job);
    }
}

/* What must be true of every layout in which ranks have units of their own. */
static void check_layout(const struct job *job, uint32_t width)
{
    const struct tri_machine *machine = job->machines[0];
    uint32_t *users = calloc(machine->npus, sizeof *users);

    for (uint32_t rank = 0; rank < job->layout.nranks; rank++) {
        const struct tri_seat *seat = &job->layout.seats[rank];
        uint32_t cores = 0, last = TRI_NOWHERE;

        for (uint32_t i = 0; i < machine->npus; i++) {
            if (!tri_cpus_has(&seat->cpus, machine->pus[i].os)) {
                continue;
            }
            assert_true(machine->pus[i].usable);
            users[i]++;
            cores += machine->pus[i].core != last;
            last = machine->pus[i].core;
            if (width == 1) {
                assert_int_equal(tri_machine_around(machine, i, seat->level), seat->object);
            }
        }
        assert_int_equal(cores, width);
        assert_int_equal(seat->threads, width);
        assert_true(seat->alone);
    }
    for (uint32_t i = 0; i < machine->npus; i++) {
        assert_true(users[i] <= 1);
    }
    free(users);
}

/* As long as cores suffice every rank has its own, wherever the mapping puts it; beyond them none
 * is bound. */
static void test_every_count(void **state)
{
    static const char *const machines[] = {BIG, UNEVEN, CUT, HYBRID, DEVICE, SMALL};
    static const char *const maps[] = {"slot", "core", "numa", "package", "node", "slot:pe=2"};

    (void)state;
    for (size_t i = 0; i < 6 * 6; i++) {
        struct setting setting = {.machine = machines[i / 6], .map = maps[i % 6]};
        struct tri_machine *machine = load(&setting);
        uint32_t width = i % 6 == 5 ? 2 : 1;
        uint32_t most = tri_machine_usable(machine, TRI_LEVEL_CORE) / width;

        for (uint32_t count = 1; count <= most + 1; count++) {
            struct job job;

            setting.count = count;
            open_job(&job, &setting);
            if (count <= most) {
                assert_null(job.why);
                assert_null(job.layout.unbound[0]);
                check_layout(&job, width);
            } else {
                assert_true(width == 2 ? job.why != NULL : job.layout.unbound[0] != NULL);
            }
            close_job(&job);
        }
        tri_machine_free(machine);
    }
}

static void check_share(const struct setting *setting, const char *wanted)
{
    struct job job;
    char got[128] = "";

    open_job(&job, setting);
    for (uint32_t rank = 0; rank < job.layout.nranks; rank++) {
        const struct tri_seat *seat = &job.layout.seats[rank];

        snprintf(got + strlen(got), sizeof got - strlen(got), "%u%s ", seat->threads,
                 seat->alone ? "!" : "");
    }
    assert_string_equal(got, wanted);
    close_job(&job);
}

/* Shares of cores, which become OpenMP's number of threads; "!" where threads may be pinned. */
static void test_shares(void **state)
{
    (void)state;
    check_share(&(struct setting){BIG, .count = 2}, "1! 1! ");
    check_share(&(struct setting){BIG, .count = 2, .map = "numa:pe=4"}, "4! 4! ");
    check_share(&(struct setting){BIG, .count = 2, .map = "numa", .bind = "numa"}, "8! 8! ");
    check_share(&(struct setting){BIG, .count = 3, .bind = "numa"}, "2 2 2 ");
    check_share(&(struct setting){EIGHT, .count = 3, .bind = "package"}, "2 2 2 ");
    check_share(&(struct setting){EIGHT, .count = 3, .bind = "none"}, "2 2 2 ");
    check_share(&(struct setting){SMALL, .count = 5}, "1 1 1 1 1 ");
    check_share(&(struct setting){BIG, .count = 2, .map = "slot:pe=2", .bind = "hwthread"},
                "2! 2! ");
    check_share(&(struct setting){SMALL, .count = 2, .busy = "0-2"}, "2 2 ");
}

/* Ranks of a second program go on where those of the first end, and are numbered after them. */
static void test_two_programs(void **state)
{
    struct tri_request requests[2] = {{.count = 3}, {.count = 2}};
    struct tri_options options = {.requests = requests, .nrequests = 2};
    struct tri_host_list all = {0};
    struct tri_machine *machines[2];
    struct tri_jobdesc desc = {0};
    struct tri_layout layout;
    static const uint32_t nodes[] = {0, 1, 0, 1, 1}, cpus[] = {0, 0, 1, 1, 2};

    (void)state;
    tri_hosts_add_list(&options.hosts, &all, "a:2,b:4");
    assert_null(tri_policy_map_by(&options.policy, "node"));
    for (size_t i = 0; i < 2; i++) {
        machines[i] = load(&(struct setting){.machine = SMALL});
    }
    assert_null(tri_place_job(&options, machines, &desc, &layout));
    assert_int_equal(layout.nranks, 5);
    for (uint32_t rank = 0; rank < 5; rank++) {
        assert_int_equal(layout.seats[rank].node, nodes[rank]);
        assert_int_equal(tri_cpus_next(&layout.seats[rank].cpus, 0), cpus[rank]);
    }
    tri_layout_clear(&layout);
    tri_jobdesc_clear(&desc);
    tri_machine_free(machines[0]);
    tri_machine_free(machines[1]);
    tri_hosts_clear(&options.hosts);
    tri_policy_clear(&options.policy);
    free(all.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policies),
        cmocka_unit_test(test_every_count),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_two_programs),
    };

    unsetenv("OMP_NUM_THREADS");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
