/* mpinfo: tells what this installation of Trireme is, what it finds on this node, and whether nodes fit together. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/mpi.h"
#include "../../src/runtime/variables.h"
#include "build.h"
#include "function_table.h"
#include "mpinfo.h"

enum { KEY_CHECK = 1000, KEY_AGENT, KEY_PROBE, KEY_MANUAL };

static const struct argp_option options[] = {
    {"functions", 'f', NULL, 0, "List all functions of MPI 5.0 and whether they are built yet", 0},
    {"variables", 'v', NULL, 0, "List the variables with value, origin, default and meaning", 0},
    {"check", KEY_CHECK, "HOSTFILE", 0,
     "Look at each node of a host file: start, version, clock, whether all reach each other", 0},
    {"launch-agent", KEY_AGENT, "COMMAND", 0, "For --check, as mprun's option", 0},
    {"manual", KEY_MANUAL, NULL, OPTION_HIDDEN, NULL, 0},
    {"probe", KEY_PROBE, NULL, OPTION_HIDDEN, NULL, 0},
    {0},
};

struct choice {
    bool functions, variables, probe, manual;
    const char *hostfile, *agent;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct choice *choice = state->input;
    switch (key) {
    case 'f': choice->functions = true; return 0;
    case 'v': choice->variables = true; return 0;
    case KEY_CHECK: choice->hostfile = argument; return 0;
    case KEY_AGENT: choice->agent = argument; return 0;
    case KEY_PROBE: choice->probe = true; return 0;
    case KEY_MANUAL: choice->manual = true; return 0;
    case ARGP_KEY_ARG: argp_error(state, "unexpected argument \"%s\"", argument); return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static int summary(void)
{
    printf("Trireme %s\n", PACKAGE_VERSION);
    printf("MPI standard    %d.%d\n", MPI_VERSION, MPI_SUBVERSION);
    printf("ABI             %d.%d (libmpi_abi.so.1)\n", MPI_ABI_VERSION, MPI_ABI_SUBVERSION);
    printf("functions       %d of %d built (mpinfo --functions)\n", tri_info_count_functions(), tri_function_count);
    printf("compiler        %s\n", TRI_CC);
    printf("prefix          %s\n", TRI_PREFIX);
    printf("modules         %s\n", TRI_MODULE_DIR);
    printf("configured with %s\n", *TRI_CONFIGURE ? TRI_CONFIGURE : "no options");
    printf("built with      %s\n", TRI_LIBRARIES);
    printf("variables       %d (mpinfo --variables)\n", TRI_VAR_COUNT);
    int code = tri_info_machine();
    return code ? code : tri_info_transports();
}

static int run(const struct choice *choice)
{
    char message[300];
    if (tri_variables_read(message, sizeof message)) {
        fprintf(stderr, "mpinfo: %s\n", message);
        return EXIT_FAILURE;
    }
    if (choice->hostfile) {
        return tri_info_check(choice->hostfile, choice->agent);
    }
    int code = choice->functions ? tri_info_functions() : EXIT_SUCCESS;
    if (choice->variables) {
        code |= tri_info_variables();
    }
    return choice->functions || choice->variables ? code : summary();
}

int main(int argc, char **argv)
{
    struct choice choice = {0};
    const struct argp argp = {
        options,
        parse,
        NULL,
        "Tells what this installation of Trireme is, what it finds on this node, and whether nodes fit together.",
        NULL,
        NULL,
        NULL};
    /* libc's: one that this program defined would be hidden from it (-fvisibility). */
    argp_program_version = "mpinfo (Trireme) " PACKAGE_VERSION;
    argp_parse(&argp, argc, argv, 0, NULL, &choice);
    int code = choice.probe ? tri_info_probe() : choice.manual ? tri_info_manual() : run(&choice);
    return ferror(stdout) || fflush(stdout) ? EXIT_FAILURE : code;
}
