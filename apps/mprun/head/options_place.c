/* options_place.c: the options about where ranks run, and how that is shown. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "options_place.h"

#include <stdlib.h>

enum { KEY_MAP = 0x300, KEY_RANK, KEY_BIND, KEY_CPUS, KEY_DISPLAY, KEY_DRY, KEY_TOPOLOGY };

static const struct argp_option table[] = {
    {NULL, 0, NULL, 0, "Where ranks run, for the whole job:", 1},
    {"map-by", KEY_MAP, "POLICY[:pe=N]", 0,
     "slot, core, l3, numa, package, node, ppr:N:OBJECT or dist[:DEVICE] (default: slot)", 1},
    {"rank-by", KEY_RANK, "ORDER", 0,
     "slot, core, l3, numa, package or node (default: as mapped)", 1},
    {"bind-to", KEY_BIND, "OBJECT", 0,
     "none, hwthread, core, l3, numa or package (default: core while cores suffice)", 1},
    {"cpu-list", KEY_CPUS, "LIST", 0, "Use these hardware threads only, like 0-3,8", 1},
    {"cpu-set", KEY_CPUS, "LIST", OPTION_ALIAS, NULL, 1},
    {"display", KEY_DISPLAY, "map[=text|json|svg][:FILE]", 0, "Draw where ranks run", 2},
    {"dry-run", KEY_DRY, NULL, 0, "Tell what would be started where, and start nothing", 2},
    {"topology", KEY_TOPOLOGY, "MACHINE", 0,
     "Plan for nodes like this (with --dry-run): a file of lstopo --of xml, or a description like "
     "\"package:2 core:8 pu:2\"; once for all nodes or once for each", 2},
    {0},
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
    struct tri_options *options = state->input;
    char *why = NULL;

    switch (key) {
    case KEY_MAP:
        why = tri_policy_map_by(&options->policy, text);
        break;
    case KEY_RANK:
        why = tri_policy_rank_by(&options->policy, text);
        break;
    case KEY_BIND:
        why = tri_policy_bind_to(&options->policy, text);
        break;
    case KEY_CPUS:
        why = tri_policy_cpu_list(&options->policy, text);
        break;
    case KEY_DISPLAY:
        why = tri_display_parse(&options->display, text);
        break;
    case KEY_DRY:
        options->dry_run = true;
        break;
    case KEY_TOPOLOGY:
        tri_strings_add(&options->topologies, text);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    if (why != NULL) {
        tri_die(TRI_EXIT_USAGE, "%s", why);
    }
    return 0;
}

const struct argp tri_options_place = {.options = table, .parser = parse_option};
