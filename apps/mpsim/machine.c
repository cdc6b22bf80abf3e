/* Reading the parameters of the simulated machine. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "machine.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../collectives/tuning.h"
#include "../../src/runtime/base.h"
#include "standin.h"

/* tcp: what the library assumes. 200g: HDR InfiniBand through a fat tree of three levels, 200 Gbit/s a rank. */
static const struct {
    const char *name;
    struct tri_loggp link;
} fabrics[] = {
    {"tcp", {.latency = 4e-6, .overhead = 3e-6, .gap = 6e-6, .per_byte = 0.3e-9}},
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

void sim_machine_read(const char *path)
{
    if (tri_tuning_read(path)) {
        exit(SIM_EXIT_USAGE);
    }
}
