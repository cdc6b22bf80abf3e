/* place_sysfs.c: this node's devices, as the kernel lists them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "place_sysfs.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The kernel's number of the domain; -1: it says none, or there is no such file. */
static int read_number(const char *file)
{
    FILE *stream = fopen(file, "re");
    int number = -1;

    if (stream != NULL) {
        if (fscanf(stream, "%d", &number) != 1) {
            number = -1;
        }
        fclose(stream);
    }
    return number;
}

static uint32_t find_domain(const struct tri_machine *machine, int number)
{
    for (uint32_t i = 0; i < machine->count[TRI_LEVEL_NUMA]; i++) {
        if (number >= 0 && machine->os[TRI_LEVEL_NUMA][i] == (uint32_t)number) {
            return i;
        }
    }
    return TRI_NOWHERE;
}

static int by_name(const void *a, const void *b)
{
    const struct tri_device *first = a, *second = b;

    return strcmp(first->name, second->name);
}

static void add_class(struct tri_machine *machine, const char *class, bool network)
{
    char *path = tri_format("/sys/class/%s", class);
    DIR *dir = opendir(path);
    uint32_t before = machine->ndevices;

    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        char *device = tri_format("%s/%s/device", path, entry->d_name);

        if (entry->d_name[0] != '.' && access(device, F_OK) == 0) {
            char *file = tri_format("%s/numa_node", device);

            machine->devices = tri_regrow(machine->devices, machine->ndevices + 1,
                                          sizeof *machine->devices);
            machine->devices[machine->ndevices++] =
                (struct tri_device){.name = tri_copy(entry->d_name), .network = network,
                                    .numa = find_domain(machine, read_number(file))};
            free(file);
        }
        free(device);
    }
    if (dir != NULL) {
        closedir(dir);
    }
    if (machine->ndevices > before) {
        qsort(machine->devices + before, machine->ndevices - before, sizeof *machine->devices,
              by_name);
    }
    free(path);
}

void tri_sysfs_add_devices(struct tri_machine *machine)
{
    add_class(machine, "infiniband", true);
    add_class(machine, "net", true);
    add_class(machine, "drm", false);
}
