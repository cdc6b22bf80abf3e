/* mpinfo: tells what this installation of Trireme is and can do. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../include/mpi.h"
#include "function_table.h"
#include "../../src/runtime/variables.h"

const char *argp_program_version = "mpinfo (Trireme) " PACKAGE_VERSION;

static const struct argp_option options[] = {
    {"functions", 'f', NULL, 0, "List all functions of MPI 5.0 and whether they are built yet", 0},
    {"variables", 'v', NULL, 0, "List the variables with value, default and meaning", 0},
    {0},
};

struct choice {
    bool functions, variables;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct choice *choice = state->input;
    switch (key) {
    case 'f': choice->functions = true; return 0;
    case 'v': choice->variables = true; return 0;
    case ARGP_KEY_ARG: argp_error(state, "unexpected argument \"%s\"", argument); return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static void list_functions(void)
{
    int real = 0;
    for (int i = 0; i < tri_function_count; i++) {
        printf("%-8s %s\n", tri_function_table[i].real ? "real" : "-", tri_function_table[i].name);
        real += tri_function_table[i].real;
    }
    printf("%d of %d\n", real, tri_function_count);
}

static int list_variables(void)
{
    char message[300];
    if (tri_variables_read(message, sizeof message)) {
        fprintf(stderr, "mpinfo: %s\n", message);
        return 1;
    }
    for (int i = 0; i < TRI_VAR_COUNT; i++) {
        const struct tri_variable *row = &tri_variables[i];
        enum tri_variable_id id = (enum tri_variable_id)i;
        printf("TRIREME_%s=%s", row->name, tri_variable_text(id));
        if (tri_variable_is_set(id)) {
            printf(" (from the environment; default \"%s\")", row->initial);
        }
        if (row->choices) {
            printf(" [%s]", row->choices);
        } else if (row->type == TRI_TYPE_NUMBER || row->type == TRI_TYPE_SIZE) {
            printf(" [%lld to %lld]", (long long)row->lowest, (long long)row->highest);
        }
        printf("\n    %s\n", row->meaning);
    }
    return 0;
}

static void summary(void)
{
    int real = 0;
    for (int i = 0; i < tri_function_count; i++) {
        real += tri_function_table[i].real;
    }
    printf("Trireme %s\n", PACKAGE_VERSION);
    printf("MPI standard    %d.%d\n", MPI_VERSION, MPI_SUBVERSION);
    printf("ABI             %d.%d (libmpi_abi.so.1)\n", MPI_ABI_VERSION, MPI_ABI_SUBVERSION);
    printf("functions       %d of %d built (mpinfo --functions)\n", real, tri_function_count);
    printf("compiler        %s\n", TRI_CC);
    printf("prefix          %s\n", TRI_PREFIX);
    printf("modules         %s\n", TRI_MODULE_DIR);
    printf("variables       %d (mpinfo --variables)\n", TRI_VAR_COUNT);
}

int main(int argc, char **argv)
{
    struct choice choice = {0};
    const struct argp argp = {options, parse, NULL, "Tells what this installation of Trireme is and can do.", NULL,
                              NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &choice);
    if (choice.functions) {
        list_functions();
    }
    if (choice.variables && list_variables()) {
        return EXIT_FAILURE;
    }
    if (!choice.functions && !choice.variables) {
        summary();
    }
    return ferror(stdout) || fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
