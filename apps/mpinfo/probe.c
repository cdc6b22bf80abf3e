/* probe.c: answers the questions of `mpinfo --check` about the node that it runs on. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mpinfo.h"

enum { CONNECT_MS = 2000 };

/* Others connect and never send: the kernel takes their connections without our doing. Returns the port, or -1. */
static int listen_anywhere(void)
{
    struct sockaddr_in6 any = {.sin6_family = AF_INET6};
    struct sockaddr_in any4 = {.sin_family = AF_INET};
    struct sockaddr_storage bound;
    socklen_t len = sizeof bound;
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int code = fd < 0 ? -1 : bind(fd, (struct sockaddr *)&any, sizeof any);
    if (fd < 0) { /* no IPv6 here */
        fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        code = fd < 0 ? -1 : bind(fd, (struct sockaddr *)&any4, sizeof any4);
    }
    if (code || listen(fd, SOMAXCONN) || getsockname(fd, (struct sockaddr *)&bound, &len)) {
        return -1;
    }
    return ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                             : ((struct sockaddr_in *)&bound)->sin_port);
}

/* Whether an interface's address could be reached from another node. */
static bool is_public(const struct ifaddrs *at)
{
    if (!at->ifa_addr || !(at->ifa_flags & IFF_UP) || at->ifa_flags & IFF_LOOPBACK) {
        return false;
    }
    if (at->ifa_addr->sa_family == AF_INET6) {
        return !IN6_IS_ADDR_LINKLOCAL(&((struct sockaddr_in6 *)(void *)at->ifa_addr)->sin6_addr);
    }
    return at->ifa_addr->sa_family == AF_INET;
}

static void print_addresses(void)
{
    struct ifaddrs *list;
    char text[INET6_ADDRSTRLEN];
    if (getifaddrs(&list)) {
        return;
    }
    for (const struct ifaddrs *at = list; at; at = at->ifa_next) {
        socklen_t len = !at->ifa_addr                        ? 0
                        : at->ifa_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
                                                             : sizeof(struct sockaddr_in6);
        if (is_public(at) && !getnameinfo(at->ifa_addr, len, text, sizeof text, NULL, 0, NI_NUMERICHOST)) {
            printf(" %s", text);
        }
    }
    freeifaddrs(list);
}

/* 0, or the error. */
static int finish_connect(int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    int error = 0;
    socklen_t len = sizeof error;
    int ready = poll(&wait, 1, CONNECT_MS);
    if (ready == 0) {
        return ETIMEDOUT;
    }
    return ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) ? errno : error;
}

static int try_address(const char *address, const char *port)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    if (getaddrinfo(address, port, &hints, &found)) {
        return EINVAL;
    }
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), error = 0;
    if (fd < 0) {
        error = errno;
    } else if (connect(fd, found->ai_addr, found->ai_addrlen)) {
        error = errno == EINPROGRESS ? finish_connect(fd) : errno;
    }
    freeaddrinfo(found);
    if (fd >= 0) {
        close(fd);
    }
    return error;
}

/* One address that answers is enough. */
static void answer_try(char *rest)
{
    char *index = strtok(rest, " \n"), *port = index ? strtok(NULL, " \n") : NULL;
    char why[200] = "it has no address but loopback";
    if (!port) {
        return;
    }
    for (char *address; (address = strtok(NULL, " \n"));) {
        int error = try_address(address, port);
        if (!error) {
            strcpy(why, "ok");
            break;
        }
        snprintf(why, sizeof why, "%s: %s", address, strerror(error));
    }
    printf(TRI_PROBE_REACH " %s %s\n", index, why);
}

int tri_info_probe(void)
{
    char line[TRI_PROBE_LINE];
    int port = listen_anywhere();
    printf(TRI_PROBE_READY " %s %d", PACKAGE_VERSION, port);
    print_addresses();
    printf("\n");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        if (!strncmp(line, TRI_PROBE_TIME, strlen(TRI_PROBE_TIME))) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            printf(TRI_PROBE_TIME " %lld.%09ld\n", (long long)now.tv_sec, now.tv_nsec);
        } else if (!strncmp(line, TRI_PROBE_TRY " ", strlen(TRI_PROBE_TRY) + 1)) {
            answer_try(line + strlen(TRI_PROBE_TRY) + 1);
        }
        fflush(stdout);
    }
    return EXIT_SUCCESS;
}
