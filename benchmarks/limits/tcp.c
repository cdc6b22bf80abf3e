/* limits tcp: ping-pong and one-way stream over a plain TCP connection. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "limits.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { KEY_LISTEN = 0x200, KEY_CONNECT, KEY_PORT, KEY_BLOCK };

static const char *listen_at, *connect_to, *port_option = "7411";
static bool spin = true;

/* What the client asks of the server: so many messages of so many bytes, each answered in full
 * (echo) or all of them together by one byte. */
struct order {
    uint64_t size, count, echo;
};

struct client {
    int fd;
    char *buffer;
    struct order order;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    switch (key) {
    case KEY_LISTEN:
        listen_at = arg ? arg : "";
        return 0;
    case KEY_CONNECT:
        connect_to = arg;
        return 0;
    case KEY_PORT:
        port_option = arg;
        return 0;
    case KEY_BLOCK:
        spin = false;
        return 0;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = NULL;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Serves one client until it closes. */
static void serve(int fd)
{
    struct order order;
    char *buffer = NULL;
    size_t room = 0;

    while (tcp_read(fd, &order, sizeof order, spin)) {
        if (order.size > INT32_MAX)
            limits_die("an order of %llu bytes is not one of ours", (unsigned long long)order.size);
        if (order.size > room || !buffer) {
            free(buffer);
            buffer = buffer_new(order.size);
            room = order.size;
        }
        for (uint64_t i = 0; i < order.count; i++) {
            if (!tcp_read(fd, buffer, order.size, spin))
                limits_die("the client went away");
            if (order.echo)
                tcp_write(fd, buffer, order.size, spin);
        }
        if (!order.echo)
            tcp_write(fd, buffer, 1, spin);
    }
    free(buffer);
    close(fd);
}

static void serve_listener(void *arg)
{
    serve(tcp_accept(*(int *)arg));
}

/* A limits_fn. Giving the order costs one more message, which long repetitions make small. */
static void transfers(void *arg, long iters)
{
    struct client *client = arg;
    struct order *order = &client->order;
    bool there = true;

    order->count = (uint64_t)iters;
    tcp_write(client->fd, order, sizeof *order, spin);
    for (long i = 0; i < iters && there; i++) {
        tcp_write(client->fd, client->buffer, order->size, spin);
        if (order->echo)
            there = tcp_read(client->fd, client->buffer, order->size, spin);
    }
    if (!order->echo)
        there = tcp_read(client->fd, client->buffer, 1, spin);
    if (!there)
        limits_die("the server went away");
}

static void measure_sizes(const struct options *options, const struct list *sizes,
                          struct client *client, struct table *table)
{
    for (int i = 0; i < sizes->count; i++) {
        double min, max, row[] = {sizes->value[i], 0, 0, 0, 0, 0};
        client->order.size = (uint64_t)sizes->value[i];
        client->order.echo = 1;
        row[1] = 1e6 / 2 * limits_measure(options, 20e-3, transfers, client, &min, &max);
        row[2] = 1e6 / 2 * min;
        row[3] = 1e6 / 2 * max;
        client->order.echo = 0;
        double unit = 1e-9 * sizes->value[i];
        row[4] = unit / limits_measure(options, 20e-3, transfers, client, &min, &max);
        row[5] = unit / min;
        table_row(table, row);
        progress_say(options, "tcp: %.0f bytes", sizes->value[i]);
    }
}

static int run_client(const struct options *options, const char *host, const char *port)
{
    static const struct column columns[] = {{"size_B", 0}, {"latency_us", 3},     {"min_us", 3},
                                            {"max_us", 3}, {"bandwidth_GBps", 3}, {"max_GBps", 3}};
    struct list sizes = options->sizes;

    if (sizes.count == 0)
        list_parse("1..4M", &sizes);
    struct list sorted = sizes;
    struct client client = {.fd = tcp_connect(host, port)};
    client.buffer = buffer_new((size_t)stats_max(sorted.value, sorted.count));
    struct table *table = table_open(options->format, "tcp", columns, 6);
    table_fact(table, "to", "%s", host);
    table_fact(table, "waiting", "%s", spin ? "asking again at once" : "asleep in the kernel");
    measure_sizes(options, &sizes, &client, table);
    table_close(table);
    close(client.fd);
    free(client.buffer);
    return 0;
}

static int run(const struct options *options)
{
    int chosen, listener;
    char port[16];

    if (listen_at) {
        listener = tcp_listen(*listen_at ? listen_at : NULL, port_option, &chosen);
        serve(tcp_accept(listener));
        return 0;
    }
    if (connect_to)
        return run_client(options, connect_to, port_option);
    listener = tcp_listen("127.0.0.1", "0", &chosen);
    limits_pin(0);
    pid_t child = limits_fork(serve_listener, &listener);
    snprintf(port, sizeof port, "%d", chosen);
    int code = run_client(options, "127.0.0.1", port);
    limits_join(child);
    return code;
}

static const struct argp_option own_options[] = {
    {"listen", KEY_LISTEN, "ADDRESS", OPTION_ARG_OPTIONAL, "Serve one client, then end", 0},
    {"connect", KEY_CONNECT, "HOST", 0, "Measure against a server that was started there", 0},
    {"port", KEY_PORT, "PORT", 0, "Port of --listen and --connect (default 7411)", 0},
    {"block", KEY_BLOCK, NULL, 0, "Wait asleep in the kernel instead of asking again at once", 0},
    {0},
};

static const struct argp_child children[] = {{&cpus_argp, 0, NULL, 0}, {0}};
static const struct argp tcp_argp = {.options = own_options, .parser = parse, .children = children};

const struct bench bench_tcp = {
    .name = "tcp",
    .summary = "Latency and bandwidth of a plain TCP connection, here or to another node",
    .argp = &tcp_argp,
    .run = run,
};
