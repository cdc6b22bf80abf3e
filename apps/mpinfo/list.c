/* list.c: the lists of functions and of variables. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/runtime/variables.h"
#include "function_table.h"
#include "mpinfo.h"

int tri_info_count_functions(void)
{
    int real = 0;
    for (int i = 0; i < tri_function_count; i++) {
        real += tri_function_table[i].real;
    }
    return real;
}

int tri_info_functions(void)
{
    for (int i = 0; i < tri_function_count; i++) {
        printf("%-8s %s\n", tri_function_table[i].real ? "real" : "-", tri_function_table[i].name);
    }
    printf("%d of %d\n", tri_info_count_functions(), tri_function_count);
    return EXIT_SUCCESS;
}

int tri_info_variables(void)
{
    for (int i = 0; i < TRI_VAR_COUNT; i++) {
        const struct tri_variable *row = &tri_variables[i];
        enum tri_variable_id id = (enum tri_variable_id)i;
        printf("TRIREME_%s=%s", row->name, tri_variable_text(id));
        if (tri_variable_is_set(id)) {
            printf(" (from %s%s; default \"%s\")", strncmp(tri_variable_origin(id), "file", 4) ? "the " : "",
                   tri_variable_origin(id), row->initial);
        }
        if (row->choices) {
            printf(" [%s]", row->choices);
        } else if (row->type == TRI_TYPE_NUMBER || row->type == TRI_TYPE_SIZE) {
            printf(" [%lld to %lld]", (long long)row->lowest, (long long)row->highest);
        }
        printf("\n    %s\n", row->meaning);
    }
    return EXIT_SUCCESS;
}

/* Text for troff: a backslash or a dash would be read as something else. */
static void print_roff(const char *text)
{
    for (; *text; text++) {
        printf(*text == '\\' ? "\\e" : *text == '-' ? "\\-" : "%c", *text);
    }
}

static void print_range(const struct tri_variable *row)
{
    if (row->choices) {
        printf("One of\n");
        print_roff(row->choices);
        printf(".\n");
    } else if ((row->type == TRI_TYPE_NUMBER || row->type == TRI_TYPE_SIZE) && row->highest == INT64_MAX) {
        printf("At least %lld.\n", (long long)row->lowest);
    } else if (row->type == TRI_TYPE_NUMBER || row->type == TRI_TYPE_SIZE) {
        printf("From %lld to %lld.\n", (long long)row->lowest, (long long)row->highest);
    }
}

int tri_info_manual(void)
{
    for (int i = 0; i < TRI_VAR_COUNT; i++) {
        const struct tri_variable *row = &tri_variables[i];
        printf(".TP\n.B TRIREME_%s\n%c", row->name, toupper((unsigned char)*row->meaning));
        print_roff(row->meaning + 1);
        printf(".\n");
        print_range(row);
        printf("Default: ");
        print_roff(*row->initial ? row->initial : "empty");
        printf(".\n");
    }
    return EXIT_SUCCESS;
}
