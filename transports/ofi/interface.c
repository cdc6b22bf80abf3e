/* Which network interface a libfabric provider stands for, and how gladly it is used. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ofi.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "../interface.h"

static const struct sockaddr *address_of(const struct fi_info *info)
{
    const struct sockaddr *address = info->src_addr;
    bool internet =
        info->addr_format == FI_SOCKADDR || info->addr_format == FI_SOCKADDR_IN || info->addr_format == FI_SOCKADDR_IN6;

    if (!internet || !address || (address->sa_family != AF_INET && address->sa_family != AF_INET6)) {
        return NULL;
    }
    return address;
}

int64_t tri_ofi_rate_interface(const struct fi_info *info, const struct ifaddrs *list, const char *wanted,
                               bool one_node)
{
    const struct sockaddr *address = address_of(info);
    const struct ifaddrs *interface = address ? tri_interface_find(address, list) : NULL;
    const char *name = interface ? interface->ifa_name : info->domain_attr->name;

    if (*wanted && (!name || strcmp(wanted, name) != 0) && (!address || !tri_interface_in_network(address, wanted))) {
        return INT64_MAX;
    }
    return interface ? tri_interface_rate(interface, one_node) : 0;
}

void tri_ofi_describe_interface(const struct fi_info *info, const struct ifaddrs *list, char *text, size_t size)
{
    const struct sockaddr *address = address_of(info);
    const struct ifaddrs *interface = address ? tri_interface_find(address, list) : NULL;
    char number[INET6_ADDRSTRLEN];

    if (!address) {
        snprintf(text, size, "device %s", info->domain_attr->name ? info->domain_attr->name : "unknown");
        return;
    }
    tri_interface_print(address, number, sizeof(number));
    snprintf(text, size, "interface %s, address %s", interface ? interface->ifa_name : "unknown", number);
}
