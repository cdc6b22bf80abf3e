/* place_wire.c: turns a node's hardware into bytes and back. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "place_machine.h"

void tri_machine_put(struct tri_buffer *buffer, const struct tri_machine *machine)
{
    uint32_t numas = machine->count[TRI_LEVEL_NUMA];

    for (int i = 0; i < TRI_LEVELS; i++) {
        tri_put_u32(buffer, machine->count[i]);
        tri_put_u32(buffer, machine->os[i] != NULL);
        for (uint32_t k = 0; machine->os[i] != NULL && k < machine->count[i]; k++) {
            tri_put_u32(buffer, machine->os[i][k]);
        }
    }
    for (uint32_t i = 0; i < machine->ncores; i++) {
        const struct tri_core *core = &machine->cores[i];

        tri_put_u32(buffer, core->os);
        for (int k = 0; k < TRI_LEVEL_CORE; k++) {
            tri_put_u32(buffer, core->in[k]);
        }
        tri_put_u32(buffer, core->kind);
        tri_put_u32(buffer, core->busy);
        tri_put_u32(buffer, core->count);
        for (uint32_t k = core->first; k < core->first + core->count; k++) {
            tri_put_u32(buffer, machine->pus[k].os);
            tri_put_u32(buffer, machine->pus[k].usable);
        }
    }
    tri_put_u32(buffer, machine->distance != NULL);
    for (uint32_t i = 0; machine->distance != NULL && i < numas * numas; i++) {
        tri_put_u32(buffer, machine->distance[i]);
    }
    tri_put_u32(buffer, machine->ndevices);
    for (uint32_t i = 0; i < machine->ndevices; i++) {
        tri_put_string(buffer, machine->devices[i].name);
        tri_put_u32(buffer, machine->devices[i].network);
        tri_put_u32(buffer, machine->devices[i].numa);
    }
}

/* The smallest message for an object of a level is its number, and a core's is longer. */
static void get_levels(struct tri_reader *reader, struct tri_machine *machine)
{
    for (int i = 0; i < TRI_LEVELS; i++) {
        uint32_t count = tri_get_u32(reader);
        bool numbered = tri_get_u32(reader) != 0;

        if (count > TRI_CPUS_LIMIT || (numbered && count > reader->left / 4)) {
            reader->bad = true;
            count = 0;
        }
        machine->count[i] = count;
        if (numbered) {
            machine->os[i] = tri_alloc(count, sizeof **machine->os);
            for (uint32_t k = 0; k < count; k++) {
                machine->os[i][k] = tri_get_u32(reader);
            }
        }
    }
}

static void get_core(struct tri_reader *reader, struct tri_machine *machine, uint32_t index)
{
    struct tri_core *core = &machine->cores[index];

    core->os = tri_get_u32(reader);
    for (int i = 0; i < TRI_LEVEL_CORE; i++) {
        core->in[i] = tri_get_u32(reader);
        if (core->in[i] >= machine->count[i] &&
            (core->in[i] != TRI_NOWHERE || i == TRI_LEVEL_NODE)) {
            reader->bad = true;
        }
    }
    core->in[TRI_LEVEL_CORE] = index;
    core->in[TRI_LEVEL_HWTHREAD] = TRI_NOWHERE;
    core->kind = tri_get_u32(reader);
    core->busy = tri_get_u32(reader) != 0;
    core->first = machine->npus;
    core->count = tri_get_count(reader, 8);
    machine->pus =
        tri_regrow(machine->pus, machine->npus + core->count, sizeof *machine->pus);
    for (uint32_t i = 0; i < core->count; i++) {
        struct tri_pu *pu = &machine->pus[machine->npus++];

        pu->os = tri_get_u32(reader);
        pu->core = index;
        pu->usable = tri_get_u32(reader) != 0;
        reader->bad = reader->bad || pu->os >= TRI_CPUS_LIMIT;
    }
}

static void get_distances(struct tri_reader *reader, struct tri_machine *machine)
{
    uint64_t numas = machine->count[TRI_LEVEL_NUMA];

    if (tri_get_u32(reader) == 0) {
        return;
    }
    if (numas * numas > reader->left / 4) {
        reader->bad = true;
        return;
    }
    machine->distance = tri_alloc(numas * numas, sizeof *machine->distance);
    for (uint64_t i = 0; i < numas * numas; i++) {
        machine->distance[i] = tri_get_u32(reader);
    }
}

static void get_devices(struct tri_reader *reader, struct tri_machine *machine)
{
    uint32_t count = tri_get_count(reader, 12);

    machine->devices = tri_alloc(count, sizeof *machine->devices);
    for (uint32_t i = 0; i < count; i++) {
        struct tri_device *device = &machine->devices[machine->ndevices++];

        device->name = tri_get_string(reader);
        device->network = tri_get_u32(reader) != 0;
        device->numa = tri_get_u32(reader);
        if (device->numa != TRI_NOWHERE && device->numa >= machine->count[TRI_LEVEL_NUMA]) {
            reader->bad = true;
        }
    }
}

struct tri_machine *tri_machine_get(struct tri_reader *reader)
{
    struct tri_machine *machine = tri_alloc(1, sizeof *machine);

    get_levels(reader, machine);
    if (machine->count[TRI_LEVEL_CORE] > reader->left / 32) {
        reader->bad = true;
    } else {
        machine->ncores = machine->count[TRI_LEVEL_CORE];
        machine->cores = tri_alloc(machine->ncores, sizeof *machine->cores);
    }
    for (uint32_t i = 0; i < machine->ncores && !reader->bad; i++) {
        get_core(reader, machine, i);
    }
    get_distances(reader, machine);
    get_devices(reader, machine);
    if (reader->bad || machine->npus != machine->count[TRI_LEVEL_HWTHREAD] ||
        machine->count[TRI_LEVEL_NODE] != 1) {
        tri_machine_free(machine);
        return NULL;
    }
    return machine;
}
