/* Reach: whether a peer that never answered can be reached at all, or a firewall is in between. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ofi.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_MS = 5000 };

/* How a plain TCP connection to the address comes out: an errno value. */
static int try_connection(const struct sockaddr *address, socklen_t len)
{
    int error = 0, fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct pollfd connected = {.fd = fd, .events = POLLOUT};
    socklen_t size = sizeof(error);

    if (fd < 0) {
        return 0; /* that says nothing about the peer */
    }
    if (connect(fd, address, len) && errno != EINPROGRESS) {
        error = errno;
    } else if (poll(&connected, 1, ANSWER_MS) == 0) {
        error = ETIMEDOUT;
    } else {
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    close(fd);
    return error;
}

bool tri_ofi_is_out_of_reach(const struct tri_ofi_endpoint *endpoint, char *reason, size_t size)
{
    struct sockaddr_storage address = {0};
    size_t len = sizeof(address);
    char host[INET6_ADDRSTRLEN];
    const void *number;

    if (fi_av_lookup(tri_ofi.vector, endpoint->address, &address, &len) || len > sizeof(address)) {
        return false;
    }
    if (address.ss_family == AF_INET) {
        number = &((struct sockaddr_in *)&address)->sin_addr;
    } else if (address.ss_family == AF_INET6) {
        number = &((struct sockaddr_in6 *)&address)->sin6_addr;
    } else {
        return false;
    }
    int error = try_connection((struct sockaddr *)&address, (socklen_t)len);

    /* The port is in the same place in both kinds of address. */
    snprintf(reason, size, "%s port %u does not answer (%s); is there a firewall?",
             inet_ntop(address.ss_family, number, host, sizeof(host)) ? host : "its address",
             ntohs(((struct sockaddr_in *)&address)->sin_port), strerror(error));
    return error != 0;
}
