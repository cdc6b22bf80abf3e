/* Which network interface the traffic between nodes takes: shared by the transports that go through the kernel. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "interface.h"

#include <arpa/inet.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Classes of interfaces, the best first. Within one, IPv4 comes before IPv6, then the link's speed decides. */
enum rank {
    RANK_BEST = 0,
    RANK_PLAIN = 1,
    RANK_BRIDGE = 2, /* of containers and virtual machines: its address means something else on other nodes */
    RANK_DOWN = 3,
    RANK_LOOPBACK = 4, /* reaches nobody on other nodes */
};

/* The 4 or 16 bytes of an internet address, in network order. */
static const uint8_t *bytes_of(const struct sockaddr *address, size_t *len)
{
    if (address->sa_family == AF_INET) {
        *len = sizeof(struct in_addr);
        return (const uint8_t *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;
    }
    *len = sizeof(struct in6_addr);
    return (const uint8_t *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
}

const struct ifaddrs *tri_interface_find(const struct sockaddr *address, const struct ifaddrs *list)
{
    size_t len;
    const uint8_t *bytes = bytes_of(address, &len);

    for (; list; list = list->ifa_next) {
        size_t other_len;

        if (!list->ifa_addr || list->ifa_addr->sa_family != address->sa_family) {
            continue;
        }
        if (memcmp(bytes, bytes_of(list->ifa_addr, &other_len), len) == 0) {
            return list;
        }
    }
    return NULL;
}

bool tri_interface_in_network(const struct sockaddr *address, const char *wanted)
{
    char text[INET6_ADDRSTRLEN + 8];
    uint8_t network[sizeof(struct in6_addr)];
    size_t len;
    const uint8_t *bytes = bytes_of(address, &len);
    long bits = (long)len * CHAR_BIT;
    char *slash;

    if (strlen(wanted) >= sizeof(text)) {
        return false;
    }
    strcpy(text, wanted);
    slash = strchr(text, '/');
    if (slash) {
        char *end;

        *slash = '\0';
        bits = strtol(slash + 1, &end, 10);
        if (*end || end == slash + 1 || bits < 0 || bits > (long)len * CHAR_BIT) {
            return false;
        }
    }
    if (inet_pton(address->sa_family, text, network) != 1 || memcmp(network, bytes, (size_t)bits / CHAR_BIT) != 0) {
        return false;
    }
    if (bits % CHAR_BIT == 0) {
        return true;
    }
    return (network[bits / CHAR_BIT] ^ bytes[bits / CHAR_BIT]) >> (CHAR_BIT - bits % CHAR_BIT) == 0;
}

/* Bridges and their kin, by the names that container and virtual machine software gives them. */
static bool is_bridge(const char *name)
{
    static const char *const prefixes[] = {"docker", "br-", "virbr", "veth",    "vmnet", "vnet",   "lxc", "lxdbr",
                                           "podman", "cni", "cali",  "flannel", "kube",  "cilium", "tun", "tap"};

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* Speed of the link in Mbit/s; 0 when the kernel does not know it, as for virtual devices. */
static long speed_of(const char *name)
{
    char path[64 + IF_NAMESIZE];
    long speed = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/sys/class/net/%.*s/speed", IF_NAMESIZE, name);
    file = fopen(path, "re");
    if (!file) {
        return 0;
    }
    if (fscanf(file, "%ld", &speed) != 1 || speed < 0) {
        speed = 0;
    }
    fclose(file);
    return speed;
}

static enum rank rank_of(const struct ifaddrs *interface, bool one_node)
{
    if (interface->ifa_flags & IFF_LOOPBACK) {
        return one_node ? RANK_BEST : RANK_LOOPBACK;
    }
    if (!(interface->ifa_flags & IFF_UP) || !(interface->ifa_flags & IFF_RUNNING)) {
        return RANK_DOWN;
    }
    return is_bridge(interface->ifa_name) ? RANK_BRIDGE : RANK_PLAIN;
}

/* An IPv6 address that is valid only together with an interface of this very node can not be published. */
static bool is_link_local(const struct sockaddr *address)
{
    return address->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LINKLOCAL(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

int64_t tri_interface_rate(const struct ifaddrs *interface, bool one_node)
{
    const int64_t class_step = INT64_C(1) << 40, family_step = INT64_C(1) << 39, fastest = 1 << 24,
                  most_interfaces = 1024;
    int64_t speed, index;

    if (is_link_local(interface->ifa_addr)) {
        return INT64_MAX;
    }
    speed = speed_of(interface->ifa_name);
    index = if_nametoindex(interface->ifa_name);
    return rank_of(interface, one_node) * class_step + (interface->ifa_addr->sa_family == AF_INET6) * family_step +
           (fastest - (speed < fastest ? speed : fastest)) * most_interfaces +
           (index < most_interfaces ? index : most_interfaces - 1);
}

const struct ifaddrs *tri_interface_best(const struct ifaddrs *list, bool one_node)
{
    const struct ifaddrs *best = NULL;
    int64_t best_rate = INT64_MAX;

    for (; list; list = list->ifa_next) {
        int family = list->ifa_addr ? list->ifa_addr->sa_family : AF_UNSPEC;
        int64_t rate = family == AF_INET || family == AF_INET6 ? tri_interface_rate(list, one_node) : INT64_MAX;

        if (rate < best_rate) {
            best = list;
            best_rate = rate;
        }
    }
    return best;
}

void tri_interface_print(const struct sockaddr *address, char *text, size_t size)
{
    size_t len;

    *text = '\0';
    inet_ntop(address->sa_family, bytes_of(address, &len), text, (socklen_t)size);
}
