/* Which network interface the traffic between nodes takes: shared by the transports that go through the kernel. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_INTERFACE_H
#define TRI_INTERFACE_H

#include <ifaddrs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* How gladly this entry of getifaddrs() is used, smaller is better; INT64_MAX: not at all. Its address is AF_INET or
 * AF_INET6; one_node: all peers are on this node. */
int64_t tri_interface_rate(const struct ifaddrs *interface, bool one_node);

/* The entry of the list that has this internet address, or NULL. */
const struct ifaddrs *tri_interface_find(const struct sockaddr *address, const struct ifaddrs *list);

/* The best entry of the list, or NULL. */
const struct ifaddrs *tri_interface_best(const struct ifaddrs *list, bool one_node);

/* Whether an address lies in "address" or "address/prefix length" as the user wrote it. */
bool tri_interface_in_network(const struct sockaddr *address, const char *wanted);

/* The address for people. */
void tri_interface_print(const struct sockaddr *address, char *text, size_t size);

#endif
