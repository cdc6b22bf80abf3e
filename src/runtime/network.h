/* Which transport carries messages between nodes, when the user leaves that to us. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_NETWORK_H
#define TRI_NETWORK_H

/* What the word "network" in TRIREME_TRANSPORTS stands for on this node. Looks at what the kernel says of the node's
 * devices and opens no library. */
struct tri_network {
    const char *fabric;     /* its name for people */
    const char *transports; /* the list to try, best first */
    const char *why;
    const char *devices; /* glob of files that show that the node has it; NULL: always */
    const char *word;    /* that one of the files must contain; NULL: it is enough that there is one */
};
const struct tri_network *tri_network_choose(void);

#endif
