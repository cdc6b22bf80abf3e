/* check.c: `mpinfo --check`: starts a probe on each node of a host file, and shows what they find in a table. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "helper.h"
#include "hosts.h"
#include "mpinfo.h"
#include "remote.h"
#include "slurm.h"

enum { START_SECONDS = 30, TRY_SECONDS = 60 };
static const double skew_limit = 1.0; /* seconds; file times and Kerberos suffer beyond */

struct node {
    const char *name;
    bool local, ready, same_version;
    struct tri_helper helper;
    double start;        /* seconds until it reported */
    double skew, unsure; /* of its clock against ours, seconds */
    char version[64];
    char place[TRI_PROBE_LINE]; /* port and addresses */
    char why[400];              /* it could not be asked; or which node it does not reach */
    int unreached;
};

static void start(struct node *node, const struct tri_strings *agent)
{
    static const struct tri_remote_program probe = {"mpinfo", " --probe", TRI_PROBE_MISSING};
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    self[len > 0 ? len : 0] = '\0';
    struct tri_strings argv = {0};
    if (node->local) {
        tri_strings_add(&argv, self);
        tri_strings_add(&argv, "--probe");
    } else {
        tri_remote_command(agent, node->name, dirname(self), &probe, &argv);
    }
    if (!tri_helper_start(&node->helper, argv.items)) {
        snprintf(node->why, sizeof node->why, "cannot start %s: %s", argv.items[0], strerror(errno));
    }
    tri_strings_clear(&argv);
}

/* Reads the probe's first line, after whatever a login prints. */
static void await_ready(struct node *node, double begun)
{
    char line[TRI_PROBE_LINE];
    const char *at = NULL;
    int used = 0;
    while (!at && tri_helper_read(&node->helper, begun + START_SECONDS, line)) {
        if (strstr(line, TRI_PROBE_MISSING)) {
            snprintf(node->why, sizeof node->why, "Trireme is not installed there (no mpinfo)");
            return;
        }
        at = strstr(line, TRI_PROBE_READY " ");
    }
    node->start = tri_helper_now() - begun;
    if (!at) {
        char words[300];
        bool late = node->start >= START_SECONDS;
        tri_helper_end(&node->helper, words, sizeof words);
        snprintf(node->why, sizeof node->why, "%s%s%s", late ? "no answer" : "cannot be started", *words ? ": " : "",
                 words);
        return;
    }
    node->ready = sscanf(at, TRI_PROBE_READY " %63s %n", node->version, &used) == 1;
    snprintf(node->place, sizeof node->place, "%s", at + used);
    node->same_version = !strcmp(node->version, PACKAGE_VERSION);
}

static double wall(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The answer comes half a round trip after the node looked at its clock. */
static void measure_skew(struct node *node)
{
    char line[TRI_PROBE_LINE];
    double sent = wall(), theirs;
    if (tri_helper_write(&node->helper, TRI_PROBE_TIME "\n") &&
        tri_helper_read(&node->helper, tri_helper_now() + START_SECONDS, line) &&
        sscanf(line, TRI_PROBE_TIME " %lf", &theirs) == 1) {
        double back = wall();
        node->skew = theirs - (sent + back) / 2;
        node->unsure = (back - sent) / 2;
    }
}

static int ask_for_others(struct node *node, const struct node *nodes, size_t count)
{
    int asked = 0;
    for (size_t i = 0; i < count; i++) {
        if (&nodes[i] != node && nodes[i].ready) {
            char *text = tri_format(TRI_PROBE_TRY " %zu %s\n", i, nodes[i].place);
            asked += tri_helper_write(&node->helper, text);
            free(text);
        }
    }
    return asked;
}

static void hear_of_others(struct node *node, const struct node *nodes, size_t count, int asked)
{
    char line[TRI_PROBE_LINE];
    double deadline = tri_helper_now() + TRY_SECONDS;
    for (; asked > 0; asked--) {
        size_t other;
        int used = 0;
        if (!tri_helper_read(&node->helper, deadline, line) ||
            sscanf(line, TRI_PROBE_REACH " %zu %n", &other, &used) != 1 || other >= count) {
            snprintf(node->why, sizeof node->why, "was lost while it tried the others");
            node->unreached += asked;
            return;
        }
        if (strcmp(line + used, "ok") != 0 && node->unreached++ == 0) {
            snprintf(node->why, sizeof node->why, "does not reach %s (%s)", nodes[other].name, line + used);
        }
    }
}

static bool print_row(const struct node *node, int width, size_t count)
{
    if (!node->ready) {
        printf("%-*s  %s\n", width, node->name, node->why);
        return false;
    }
    bool in_time = node->skew < skew_limit + node->unsure && -node->skew < skew_limit + node->unsure;
    printf("%-*s  %7.2f  %-8s  %+10.3f  %zu of %zu", width, node->name, node->start, node->version, node->skew,
           count - 1 - (size_t)node->unreached, count - 1);
    printf("%s%s%s%s%s\n", *node->why ? "; " : "", node->why,
           node->same_version ? "" : "; another version than the one here (" PACKAGE_VERSION ")",
           in_time ? "" : "; its clock is off", "");
    return node->same_version && in_time && node->unreached == 0;
}

static int print_table(const struct node *nodes, size_t count)
{
    int width = 4;
    size_t good = 0, ready = 0;
    for (size_t i = 0; i < count; i++) {
        int len = (int)strlen(nodes[i].name);
        width = len > width ? len : width;
        ready += nodes[i].ready;
    }
    printf("%-*s  %7s  %-8s  %10s  %s\n", width, "node", "start s", "version", "clock s", "reaches");
    for (size_t i = 0; i < count; i++) {
        good += print_row(&nodes[i], width, ready);
    }
    printf("%zu of %zu nodes are fit\n", good, count);
    return good == count ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void ask_all(struct node *nodes, size_t count, const struct tri_strings *agent)
{
    char words[1];
    double begun = tri_helper_now();
    int *asked = tri_alloc(count, sizeof *asked);
    for (size_t i = 0; i < count; i++) {
        start(&nodes[i], agent);
    }
    for (size_t i = 0; i < count; i++) {
        if (nodes[i].helper.pid) {
            await_ready(&nodes[i], begun);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (nodes[i].ready) {
            measure_skew(&nodes[i]);
            asked[i] = ask_for_others(&nodes[i], nodes, count);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (nodes[i].ready) {
            hear_of_others(&nodes[i], nodes, count, asked[i]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        tri_helper_end(&nodes[i].helper, words, sizeof words);
    }
    free(asked);
}

int tri_info_check(const char *hostfile, const char *command)
{
    struct tri_strings agent = {0};
    struct tri_hosts hosts = {0};
    struct tri_host_list chosen = {0};
    tri_say_as = "mpinfo";
    signal(SIGPIPE, SIG_IGN);
    tri_hosts_add_file(&hosts, &chosen, hostfile);
    struct node *nodes = tri_alloc(hosts.count, sizeof *nodes);
    for (size_t i = 0; i < hosts.count; i++) {
        nodes[i].name = hosts.items[i].name;
        nodes[i].local = hosts.items[i].local;
    }
    if (command) {
        tri_strings_split(&agent, command, " ");
    } else {
        tri_default_agent(&agent);
    }
    if (agent.count == 0) {
        tri_die(TRI_EXIT_USAGE, "option --launch-agent: no command given");
    }
    ask_all(nodes, hosts.count, &agent);
    int code = print_table(nodes, hosts.count);
    free(nodes);
    free(chosen.items);
    tri_strings_clear(&agent);
    tri_hosts_clear(&hosts);
    return code;
}
