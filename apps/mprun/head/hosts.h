/* hosts.h: the nodes that the user named. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_HOSTS_H
#define TRI_MPRUN_HOSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tri_host {
    char *name;     /* as the user wrote it; this node by its own name */
    uint32_t slots; /* 0: as many as the node has cores */
    bool local;     /* this node: started without an agent */
};

struct tri_hosts {
    struct tri_host *items;
    size_t count;
};

/* A growing list of indices into a tri_hosts. */
struct tri_host_list {
    size_t *items;
    size_t count;
};

/* Adds the hosts of "host[:slots],..." and their indices. A host named again gets the further
 * slots. Ends the process with one line about a bad entry. */
void tri_hosts_add_list(struct tri_hosts *hosts, struct tri_host_list *chosen, const char *text);

/* The same for a host file. */
void tri_hosts_add_file(struct tri_hosts *hosts, struct tri_host_list *chosen, const char *file);

/* Adds a host, or further slots to a known one. */
void tri_hosts_add(struct tri_hosts *hosts, struct tri_host_list *chosen, const char *name,
                   uint32_t slots);

/* Adds this node. */
void tri_hosts_add_self(struct tri_hosts *hosts, struct tri_host_list *chosen);

/* The name of this node; static. */
const char *tri_own_name(void);

void tri_hosts_clear(struct tri_hosts *hosts);

#endif
