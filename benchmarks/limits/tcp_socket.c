/* Sockets of limits tcp: listening, connecting and whole transfers. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "limits.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

static struct addrinfo *resolve(const char *host, const char *port, int flags)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags}, *found;
    int error = getaddrinfo(host, port, &hints, &found);

    errno = 0;
    if (error != 0)
        limits_die("address %s, port %s: %s", host ? host : "*", port, gai_strerror(error));
    return found;
}

static void without_delay(int fd)
{
    int one = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

int tcp_connect(const char *host, const char *port)
{
    struct addrinfo *found = resolve(host, port, 0);
    int fd = -1;

    for (struct addrinfo *at = found; at && fd < 0; at = at->ai_next) {
        fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) != 0) {
            int error = errno;
            close(fd);
            errno = error;
            fd = -1;
        }
    }
    freeaddrinfo(found);
    if (fd < 0)
        limits_die("no connection to %s, port %s", host, port);
    without_delay(fd);
    return fd;
}

int tcp_listen(const char *host, const char *port, int *chosen)
{
    struct addrinfo *found = resolve(host, port, AI_PASSIVE);
    struct sockaddr_storage bound;
    socklen_t length = sizeof bound;
    int one = 1, fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        limits_die("no socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 1) != 0)
        limits_die("cannot listen at %s, port %s", host ? host : "*", port);
    getsockname(fd, (struct sockaddr *)&bound, &length);
    /* The port has the same place in both kinds of address. */
    *chosen = ntohs(((struct sockaddr_in *)&bound)->sin_port);
    freeaddrinfo(found);
    return fd;
}

int tcp_accept(int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

    if (fd < 0)
        limits_die("no connection was made");
    without_delay(fd);
    return fd;
}

static bool again(bool spin)
{
    return errno == EINTR || (spin && (errno == EAGAIN || errno == EWOULDBLOCK));
}

bool tcp_read(int fd, void *buffer, size_t bytes, bool spin)
{
    char *place = buffer;

    while (bytes > 0) {
        ssize_t got = recv(fd, place, bytes, spin ? MSG_DONTWAIT : 0);
        if (got == 0)
            return false;
        if (got < 0 && !again(spin))
            limits_die("receiving failed");
        if (got > 0) {
            place += got;
            bytes -= (size_t)got;
        }
    }
    return true;
}

void tcp_write(int fd, const void *buffer, size_t bytes, bool spin)
{
    const char *place = buffer;

    while (bytes > 0) {
        ssize_t put = send(fd, place, bytes, MSG_NOSIGNAL | (spin ? MSG_DONTWAIT : 0));
        if (put < 0 && !again(spin))
            limits_die("sending failed");
        if (put > 0) {
            place += put;
            bytes -= (size_t)put;
        }
    }
}
