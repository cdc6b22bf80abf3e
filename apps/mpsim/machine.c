/* Reading the parameters of the simulated machine. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "machine.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/runtime/base.h"
#include "standin.h"

static const struct {
    const char *name;
    double *value;
} parameters[] = {
    {"node.latency", &tri_machine.node.latency},
    {"node.overhead", &tri_machine.node.overhead},
    {"node.gap", &tri_machine.node.gap},
    {"node.per_byte", &tri_machine.node.per_byte},
    {"net.latency", &tri_machine.net.latency},
    {"net.overhead", &tri_machine.net.overhead},
    {"net.gap", &tri_machine.net.gap},
    {"net.per_byte", &tri_machine.net.per_byte},
    {"flag", &tri_machine.flag},
    {"copy_per_byte", &tri_machine.copy_per_byte},
    {"reduce_per_byte", &tri_machine.reduce_per_byte},
    {"turn", &tri_machine.turn},
};

/* tcp: what the library assumes. 200g: HDR InfiniBand through a fat tree of three levels, 200 Gbit/s a rank. */
static const struct {
    const char *name;
    struct tri_loggp link;
} fabrics[] = {
    {"tcp", {.latency = 7e-6, .overhead = 1e-6, .gap = 2e-6, .per_byte = 0.5e-9}},
    {"200g", {.latency = 0.8e-6, .overhead = 0.2e-6, .gap = 0.1e-6, .per_byte = 0.041e-9}},
};

/* NAN when the text is no such number. */
static double read_seconds(const char *text)
{
    static const struct {
        const char *name;
        double seconds;
    } units[] = {{"", 1}, {"s", 1}, {"ms", 1e-3}, {"us", 1e-6}, {"ns", 1e-9}, {"ps", 1e-12}};
    char *end;
    double value = strtod(text, &end);
    for (size_t i = 0; end != text && i < TRI_COUNT_OF(units); i++) {
        if (!strcmp(end, units[i].name) && isfinite(value) && value >= 0) {
            return value * units[i].seconds;
        }
    }
    return NAN;
}

double sim_machine_seconds(const char *option, const char *text)
{
    double seconds = read_seconds(text);
    if (isnan(seconds)) {
        sim_die(SIM_EXIT_USAGE, "%s=%s: a time was expected, such as 80ns, 0.5us or 1e-6", option, text);
    }
    return seconds;
}

void sim_machine_link(const char *option, const char *text, struct tri_loggp *link)
{
    double *values[] = {&link->latency, &link->overhead, &link->gap, &link->per_byte};
    char copy[200];
    snprintf(copy, sizeof copy, "%s", text);
    char *rest = copy;
    for (size_t i = 0; i < TRI_COUNT_OF(values); i++) {
        const char *word = strsep(&rest, ",");
        *values[i] = word ? read_seconds(word) : NAN;
        if (isnan(*values[i]) || (i == TRI_COUNT_OF(values) - 1 && rest)) {
            sim_die(SIM_EXIT_USAGE,
                    "%s=%s: four times were expected, latency, overhead, gap and gap per byte, such as "
                    "80ns,60ns,60ns,0.06ns",
                    option, text);
        }
    }
}

void sim_machine_fabric(const char *option, const char *name)
{
    for (size_t i = 0; i < TRI_COUNT_OF(fabrics); i++) {
        if (!strcmp(fabrics[i].name, name)) {
            tri_machine.net = fabrics[i].link;
            return;
        }
    }
    sim_die(SIM_EXIT_USAGE, "%s=%s: the fabrics known are tcp and 200g; give others with --net=L,o,g,G", option, name);
}

static void read_line(const char *path, int number, char *line)
{
    line[strcspn(line, "#")] = '\0';
    const char *name = strtok(line, " \t\r\n"), *value = strtok(NULL, " \t\r\n");
    if (!name) {
        return;
    }
    for (size_t i = 0; i < TRI_COUNT_OF(parameters); i++) {
        if (strcmp(parameters[i].name, name)) {
            continue;
        }
        double seconds = value ? read_seconds(value) : NAN;
        if (isnan(seconds) || strtok(NULL, " \t\r\n")) {
            sim_die(SIM_EXIT_USAGE, "%s:%d: %s has no single time behind it, in seconds", path, number, name);
        }
        *parameters[i].value = seconds;
        return;
    }
    sim_die(SIM_EXIT_USAGE, "%s:%d: there is no parameter \"%s\"", path, number, name);
}

void sim_machine_read(const char *path)
{
    char line[400];
    FILE *file = fopen(path, "r");
    if (!file) {
        sim_die(SIM_EXIT_USAGE, "%s can not be read: %s", path, strerror(errno));
    }
    for (int number = 1; fgets(line, sizeof line, file); number++) {
        read_line(path, number, line);
    }
    fclose(file);
}
