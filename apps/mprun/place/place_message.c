/* place_message.c: packs and unpacks what a node is told about where its ranks run. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "place_message.h"

#include <stdlib.h>

#include "claim.h"

/* The cores that bound ranks of the node are on. */
static void put_claims(struct tri_buffer *buffer, const struct tri_layout *layout, uint32_t node,
                       const struct tri_machine *machine)
{
    bool *wanted = tri_alloc(machine->ncores, sizeof *wanted);
    uint32_t count = 0;

    for (uint32_t rank = 0; rank < layout->nranks && layout->unbound[node] == NULL; rank++) {
        const struct tri_seat *seat = &layout->seats[rank];

        for (uint32_t i = 0; seat->node == node && i < machine->npus; i++) {
            bool *core = &wanted[machine->pus[i].core];

            if (!*core && tri_cpus_has(&seat->cpus, machine->pus[i].os)) {
                *core = true;
                count++;
            }
        }
    }
    tri_put_u32(buffer, count);
    for (uint32_t core = 0; core < machine->ncores; core++) {
        if (wanted[core]) {
            tri_put_u32(buffer, tri_claim_number(machine, core));
        }
    }
    free(wanted);
}

static void put_seat(struct tri_buffer *buffer, const struct tri_layout *layout,
                     const struct tri_seat *seat, const struct tri_machine *machine)
{
    char *cpus = tri_cpus_format(&seat->cpus);
    char *text = tri_seat_describe(layout, seat, machine);

    tri_put_string(buffer, cpus);
    tri_put_string(buffer, text);
    tri_put_u32(buffer, seat->threads);
    tri_put_u32(buffer, seat->alone);
    free(text);
    free(cpus);
}

void tri_berths_put(struct tri_buffer *buffer, const struct tri_layout *layout, uint32_t node,
                    const struct tri_machine *machine, bool by_thread)
{
    uint32_t count = 0;

    for (uint32_t rank = 0; rank < layout->nranks; rank++) {
        count += layout->seats[rank].node == node;
    }
    tri_put_u32(buffer, count);
    for (uint32_t rank = 0; rank < layout->nranks; rank++) {
        if (layout->seats[rank].node == node) {
            put_seat(buffer, layout, &layout->seats[rank], machine);
        }
    }
    tri_put_u32(buffer, tri_machine_usable(machine, TRI_LEVEL_CORE));
    tri_put_u32(buffer, by_thread);
    put_claims(buffer, layout, node, machine);
}

bool tri_berths_get(struct tri_reader *reader, struct tri_berths *berths)
{
    bool good = true;

    *berths = (struct tri_berths){.count = tri_get_count(reader, 16)};
    berths->items = tri_alloc(berths->count, sizeof *berths->items);
    for (uint32_t i = 0; i < berths->count; i++) {
        struct tri_berth *berth = &berths->items[i];
        char *cpus = tri_get_string(reader);

        good = (cpus[0] == '\0' || tri_cpus_parse(&berth->cpus, cpus)) && good;
        free(cpus);
        berth->text = tri_get_string(reader);
        berth->threads = tri_get_u32(reader);
        berth->alone = tri_get_u32(reader) != 0;
    }
    berths->cores = tri_get_u32(reader);
    berths->by_thread = tri_get_u32(reader) != 0;
    berths->nclaims = tri_get_count(reader, 4);
    berths->claims = tri_alloc(berths->nclaims, sizeof *berths->claims);
    for (uint32_t i = 0; i < berths->nclaims; i++) {
        berths->claims[i] = tri_get_u32(reader);
    }
    return good && !reader->bad;
}

void tri_berths_clear(struct tri_berths *berths)
{
    for (uint32_t i = 0; i < berths->count; i++) {
        tri_cpus_clear(&berths->items[i].cpus);
        free(berths->items[i].text);
    }
    free(berths->items);
    free(berths->claims);
    *berths = (struct tri_berths){0};
}
