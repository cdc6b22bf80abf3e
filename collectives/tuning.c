/* The machine's parameters from a file. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "tuning.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/runtime/base.h"
#include "../src/runtime/log.h"
#include "model.h"

static const struct parameter {
    const char *name;
    double *seconds;
} parameters[] = {
    {"node_latency_ns", &tri_machine.node.latency},
    {"node_overhead_ns", &tri_machine.node.overhead},
    {"node_gap_ns", &tri_machine.node.gap},
    {"node_byte_ns", &tri_machine.node.per_byte},
    {"net_latency_ns", &tri_machine.net.latency},
    {"net_overhead_ns", &tri_machine.net.overhead},
    {"net_gap_ns", &tri_machine.net.gap},
    {"net_byte_ns", &tri_machine.net.per_byte},
    {"flag_ns", &tri_machine.flag},
    {"copy_byte_ns", &tri_machine.copy_per_byte},
    {"reduce_byte_ns", &tri_machine.reduce_per_byte},
    {"turn_ns", &tri_machine.turn},
};

static const struct parameter *find(const char *name)
{
    for (size_t i = 0; i < TRI_COUNT_OF(parameters); i++) {
        if (!strcmp(parameters[i].name, name)) {
            return &parameters[i];
        }
    }
    return NULL;
}

/* What is wrong with a line, or NULL. Lines without anything and remarks are fine. */
static const char *take_line(char *line)
{
    static const char space[] = " \t\r\n";
    char *rest = NULL, *end = NULL;
    line[strcspn(line, "#")] = '\0';
    const char *name = strtok_r(line, space, &rest), *value = strtok_r(NULL, space, &rest);
    if (!name) {
        return NULL;
    }
    const struct parameter *parameter = find(name);
    if (!parameter) {
        return "the name is none of those that `mpbench tune` writes";
    }
    double nanoseconds = value ? strtod(value, &end) : -1;
    if (!value || *end || !(nanoseconds >= 0 && nanoseconds < 1e12) || strtok_r(NULL, space, &rest)) {
        return "behind the name there must be one number of nanoseconds, such as 81.5";
    }
    *parameter->seconds = nanoseconds * 1e-9;
    return NULL;
}

int tri_tuning_read(const char *file_or_text)
{
    char line[200];
    bool text = strchr(file_or_text, '\n');
    const char *path = text ? "the file that mprun has read" : file_or_text;
    FILE *file =
        text ? fmemopen((void *)(uintptr_t)file_or_text, strlen(file_or_text), "r") : fopen(file_or_text, "re");
    if (!file) {
        tri_log_error("TRIREME_TUNING: cannot read %s: %s", path, strerror(errno));
        return -1;
    }
    const char *wrong = NULL;
    int number = 0;
    while (!wrong && fgets(line, sizeof line, file)) {
        number++;
        wrong = take_line(line);
    }
    if (wrong) {
        tri_log_error("TRIREME_TUNING: %s, line %d: %s", path, number, wrong);
    }
    fclose(file);
    return wrong ? -1 : 0;
}
